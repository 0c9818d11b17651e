import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../load-tfjs.js';
import { KERNELS } from '../trace/kernels/index.js';

/** What the cpu backend has beyond tfjs's declared interface. */
type HostBackend = tf.KernelBackend & {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.BackendValues): tf.TensorInfo;
};

/**
 * Gives a backend the kernels it lacks among those that compile (the wasm backend has no UnsortedSegmentSum,
 * the gradient of gather), by way of the cpu backend. Both engines so accept the same functions.
 */
export function registerFallbackKernels(backendName: string): void {
  if (backendName === 'cpu') return;
  for (const kernelName of Object.keys(KERNELS)) {
    if (tfjs().getKernel(kernelName, backendName) || !tfjs().getKernel(kernelName, 'cpu')) continue;
    tfjs().registerKernel({ kernelName, backendName, kernelFunc: onHost(kernelName) });
  }
}

function onHost(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const device = backend as tf.KernelBackend;
    const host = tfjs().findBackend('cpu') as HostBackend;
    const lifted = Object.entries(inputs).map(([key, info]) => {
      const { shape, dtype, dataId } = info as tf.TensorInfo;
      return [key, host.makeTensorInfo(shape, dtype, device.readSync(dataId) as tf.BackendValues)] as const;
    });
    const kernel =
      kernelName === 'UnsortedSegmentSum' ? segmentSum : tfjs().getKernel(kernelName, 'cpu').kernelFunc;
    const results = kernel({ inputs: Object.fromEntries(lifted), attrs, backend: host });
    const lowered = [results].flat().map(({ dataId, shape, dtype }) => ({
      dataId: device.write(host.readSync(dataId) as tf.BackendValues, shape, dtype),
      shape,
      dtype,
    }));
    for (const { dataId } of [...lifted.map(([, info]) => info), ...[results].flat()])
      host.disposeData(dataId);
    return Array.isArray(results) ? lowered : lowered[0];
  };
}

/** One pass over the rows; tfjs's own kernel passes over all of them once for every segment. */
const segmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const host = backend as HostBackend;
  const { x, segmentIds } = inputs as Record<string, tf.TensorInfo>;
  const { numSegments } = attrs as unknown as { numSegments: number };
  const row = x.shape.slice(segmentIds.shape.length);
  const size = tfjs().util.sizeFromShape(row);
  const rows = host.readSync(x.dataId) as Float32Array;
  const ids = host.readSync(segmentIds.dataId) as Int32Array;
  const sums = new Float32Array(numSegments * size);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (id < 0 || id >= numSegments) continue;
    for (let j = 0; j < size; j++) sums[id * size + j] += rows[i * size + j];
  }
  return host.makeTensorInfo([numSegments, ...row], x.dtype, sums);
};
