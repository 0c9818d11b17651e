import { TowerkitError } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../load-tfjs.js';
import { activeTrace, currentOperation } from './context.js';
import { KERNELS } from './kernels/index.js';

/** A tfjs backend that records what it is asked to compute. */
function traceBackend(): tf.KernelBackend {
  return new (class extends tfjs().KernelBackend {
    override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
      const trace = activeTrace();
      trace.builder.origin = currentOperation();
      const dataId = {};
      trace.bind(dataId, trace.constant(values, shape, dtype));
      return dataId;
    }

    override readSync(dataId: object): never {
      throw refuseRead(dataId);
    }

    /** Never settles: a rejection nobody awaits would end the process, and the trace fails by itself. */
    override read(dataId: object): Promise<never> {
      refuseRead(dataId);
      return new Promise(() => {});
    }

    override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
      const trace = activeTrace();
      trace.bind(dataId, trace.constant(values, shape, dtype));
    }

    override disposeData(): boolean {
      return true;
    }
    override incRef(): void {}
    override refCount(): number {
      return 1;
    }
    override numDataIds(): number {
      return 0;
    }
    override memory() {
      return { unreliable: true, reasons: ['a trace holds no data'] } as never;
    }
    override timerAvailable(): boolean {
      return false;
    }
    override floatPrecision(): 32 {
      return 32;
    }
    override epsilon(): number {
      return 1e-7;
    }
    override dispose(): void {}
  })();
}

function refuseRead(dataId: object): TowerkitError {
  const trace = activeTrace();
  const known = trace.producerOf(dataId);
  const what = known && known !== 'the function' ? `the result of ${known}` : 'a tensor';
  return trace.refuse(
    new TowerkitError('HOST_READ', `the function reads the values of ${what} while it is being traced`, {
      hint: 'dataSync, data, arraySync, array and print see no values here: compute with tensor operations, or return the tensor as an output and read it after the run.',
      details: { operation: known },
    }),
  );
}

let registered: string | undefined;

/**
 * Registers the backend at the first trace, so that importing this package changes nothing, and returns its
 * name: one of its own for each copy of this package, since tfjs keeps one registry for the process.
 */
export function traceBackendName(): string {
  if (registered) return registered;
  let name = TRACE_BACKEND;
  for (let copy = 2; tfjs().engine().findBackendFactory(name) != null; copy++)
    name = `${TRACE_BACKEND}-${copy}`;
  tfjs().registerBackend(name, traceBackend, -1);
  for (const [kernelName, kernel] of Object.entries(KERNELS))
    tfjs().registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: ({ inputs, attrs }) => {
        const trace = activeTrace();
        const operands = Object.entries(inputs)
          .filter(([, info]) => info != null)
          .map(([key, info]) => [key, trace.valueOf(info as tf.TensorInfo)] as const);
        trace.builder.origin = currentOperation(kernelName);
        const results = kernel(trace.builder, Object.fromEntries(operands), attrs);
        const infos = [results].flat().map((value) => {
          const dataId = {};
          trace.bind(dataId, value);
          return { dataId, shape: [...value.shape] as number[], dtype: value.dtype };
        });
        return Array.isArray(results) ? infos : infos[0];
      },
    });
  return (registered = name);
}

export const TRACE_BACKEND = 'towerkit-trace';
