import { isTowerkitError } from '@towerkit/core';
import { exportOnnx, type RandomSource, type TensorFunction, type TensorSpec } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';

/** What a fingerprint is made of: typed arrays by their bytes, everything else as JSON writes it. */
export type Printable = ArrayBufferView | string | number | boolean | null | undefined | PrintableRecord;
interface PrintableRecord {
  readonly [name: string]: Printable;
}

/**
 * SHA-256 of values and their names, in hexadecimal. The order of names does not matter, and an absent value is as one
 * that is `undefined`.
 */
export function fingerprint(value: Printable): string {
  const hash = createHash('sha256');
  const add = (value: Printable): void => {
    if (ArrayBuffer.isView(value)) {
      hash.update(`bytes ${value.byteLength}:`);
      hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (typeof value === 'object' && value !== null) {
      const names = Object.keys(value).filter((name) => value[name] !== undefined);
      hash.update(`record ${names.length}:`);
      for (const name of names.sort()) {
        hash.update(JSON.stringify(name));
        add(value[name]);
      }
    } else hash.update(`${JSON.stringify(value) ?? 'undefined'};`);
  };
  add(value);
  return hash.digest('hex');
}

/** Stands in for the generator: what is drawn becomes a constant that says how it would have been drawn. */
const NOTED: RandomSource = {
  dropoutMask: (shape, rate) => tf.fill([...shape], 1 - rate),
  uniform: (shape) => tf.fill([...shape], 0.25),
  normal: (shape) => tf.fill([...shape], 0.75),
};

/**
 * Fingerprint of what a function computes: of its graph, operations and constants, with the rates of dropout among them. A
 * tower is a closure, and this sees into it, whatever it says of itself.
 *
 * @returns `undefined` for a function that cannot be traced, which only the eager engine runs
 */
export function graphFingerprint(fn: TensorFunction, inputs: Record<string, TensorSpec>): string | undefined {
  try {
    return fingerprint(exportOnnx((given) => fn(given, NOTED), { inputs }));
  } catch (error) {
    if (isTowerkitError(error)) return undefined;
    throw error;
  }
}
