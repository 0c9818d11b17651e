import { TowerkitError } from '@towerkit/core';

import type { TraceInput } from './trace/trace.js';
import type { CompileOptions, Feeds, TensorSpec } from './types.js';

/** Checks types and sizes, which may be names. */
export function checkSpecs(specs: Record<string, TensorSpec>): void {
  for (const [name, { shape, dtype = 'float32' }] of Object.entries(specs)) {
    if (dtype !== 'float32' && dtype !== 'int32')
      throw new TowerkitError(
        'BAD_SPEC',
        `input '${name}' has type ${String(dtype)}; it must be float32 or int32`,
      );
    const fine = (size: number | string) =>
      typeof size === 'string' ? /^[A-Za-z_]\w*$/.test(size) : Number.isSafeInteger(size) && size >= 0;
    if (!Array.isArray(shape) || !shape.every(fine))
      throw new TowerkitError('BAD_SPEC', `input '${name}' has the bad shape [${String(shape)}]`);
  }
}

/** The inputs of a function with fixed sizes. */
export function fixedInputs(specs: Record<string, TensorSpec>): TraceInput[] {
  checkSpecs(specs);
  return Object.entries(specs).map(([name, { shape, dtype = 'float32' }]) => {
    const symbol = shape.find((size) => typeof size === 'string');
    if (symbol !== undefined)
      throw new TowerkitError(
        'BAD_SPEC',
        `input '${name}' has the symbolic size '${symbol}'; compile takes numbers`,
        {
          hint: 'Compile once for each size in use, padding to it; symbolic sizes are for exportOnnx.',
        },
      );
    return { name, shape: [...shape] as number[], dtype };
  });
}

/** Checks that a gradient is asked of inputs that have one. */
export function checkGradient({ gradient }: CompileOptions, inputs: readonly TraceInput[]): void {
  if (!gradient) return;
  if (gradient.wrt.length === 0) throw new TowerkitError('BAD_SPEC', 'gradient.wrt names no input');
  for (const name of gradient.wrt) {
    const input = inputs.find((each) => each.name === name);
    if (!input)
      throw new TowerkitError('BAD_SPEC', `gradient.wrt names '${name}', which is not an input`, {
        hint: `The inputs are ${inputs.map((each) => each.name).join(', ')}.`,
      });
    if (input.dtype !== 'float32')
      throw new TowerkitError(
        'BAD_SPEC',
        `gradient.wrt names '${name}', whose type is ${input.dtype}: only float32 inputs have gradients`,
      );
  }
}

/** Checks that the feeds are exactly the inputs, with the right type and length. */
export function checkFeeds(feeds: Feeds, inputs: readonly TraceInput[]): void {
  for (const { name, shape, dtype } of inputs) {
    const data = feeds[name];
    const expected = `${dtype === 'float32' ? 'Float32Array' : 'Int32Array'} for shape [${shape.join(', ')}]`;
    const fail = (what: string) =>
      new TowerkitError('BAD_FEED', `input '${name}': expected a ${expected}, ${what}`, {
        details: { input: name, shape, dtype },
      });
    if (data === undefined) throw fail('it is missing');
    const matches = dtype === 'float32' ? data instanceof Float32Array : data instanceof Int32Array;
    if (!matches) throw fail(`got ${(data as object)?.constructor?.name ?? String(data)}`);
    const length = shape.reduce((a, b) => a * b, 1);
    if (data.length !== length) throw fail(`which has ${length} values, got ${data.length}`);
  }
  const known = new Set(inputs.map((input) => input.name));
  for (const name of Object.keys(feeds))
    if (!known.has(name))
      throw new TowerkitError('BAD_FEED', `there is no input '${name}'`, {
        hint: `The inputs are ${[...known].join(', ')}.`,
        details: { input: name },
      });
}
