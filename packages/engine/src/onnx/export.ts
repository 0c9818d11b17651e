import { TowerkitError } from '@towerkit/core';

import { checkSpecs } from '../feeds.js';
import { optimize } from '../passes/optimize.js';
import { traceSymbolic } from '../trace/symbolic.js';
import type { TensorFunction, TensorSpec } from '../types.js';
import { buildModel, type ModelInput } from './model.js';

/** What to write. */
export interface ExportOptions {
  /** Every input, by name; a size that is a name, such as `'batch'`, stays open. Up to three names. */
  inputs: Record<string, TensorSpec>;
  /** Text kept in the model's metadata. */
  metadata?: Record<string, string>;
}

/**
 * Writes a function as an ONNX model (opset 18, IR 8) with the inputs' and outputs' own names.
 *
 * @returns the bytes of an `.onnx` file
 * @throws TowerkitError what `compile` throws, and `BATCH_DEPENDENT` where the computation does not follow a
 * symbolic size, `RANDOM_IN_EXPORT` where it asks for random numbers, `TFJS_MISSING`
 *
 * @example
 * ```ts
 * const bytes = exportOnnx(({ x }) => ({ y: tf.relu(x) }), { inputs: { x: { shape: ['batch', 8] } } });
 * ```
 */
export function exportOnnx(fn: TensorFunction, { inputs: specs, metadata = {} }: ExportOptions): Uint8Array {
  checkSpecs(specs);
  const { graph, random } = traceSymbolic(fn, specs);
  if (random.length > 0)
    throw new TowerkitError(
      'RANDOM_IN_EXPORT',
      'the function asks for random numbers, which a model file cannot draw',
      {
        hint: 'Export the function as it is evaluated, without dropout.',
      },
    );
  const outputNames = graph.outputs.map(({ name }) => name);
  const both = outputNames.find((name) => name in specs);
  if (both !== undefined)
    throw new TowerkitError('BAD_SPEC', `'${both}' is the name of an input and of an output`, {
      hint: 'Name them differently: a model file has one set of names.',
    });
  const sources = graph.nodes.filter((node) => node.op === 'Input');
  const inputs = sources.map((node): ModelInput => {
    const name = node.attributes.name as string;
    return { name, value: node.outputs[0], dims: specs[name].shape };
  });
  return buildModel({ graph: optimize(graph, sources), inputs, outputNames, metadata });
}
