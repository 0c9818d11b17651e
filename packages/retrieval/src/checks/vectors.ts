import { type Matrix, TowerkitError } from '@towerkit/core';

import type { Metric } from '../vector-index.js';

/** The largest value of a vector: products of more could leave float32. */
const LARGEST = 1e16;

/**
 * Whether vectors have the index's width and finite values.
 *
 * @throws TowerkitError `SHAPE_MISMATCH`, `BAD_VECTOR` naming the row
 */
export function checkVectors(vectors: Matrix, dimensions: number): void {
  const { rows, cols, data } = vectors ?? {};
  if (!(data instanceof Float32Array) || data.length !== rows * cols)
    throw new TowerkitError('SHAPE_MISMATCH', 'vectors must be a Matrix');
  if (cols !== dimensions) throw wrongWidth(cols, dimensions);
  const at = firstBad(data);
  if (at >= 0) throw badValue(data[at], `row ${Math.floor(at / cols)}`, { row: Math.floor(at / cols) });
}

/** @throws TowerkitError `SHAPE_MISMATCH`, `BAD_VECTOR` */
export function checkQuery(query: Float32Array, dimensions: number): void {
  if (!(query instanceof Float32Array))
    throw new TowerkitError('SHAPE_MISMATCH', 'a query must be a Float32Array');
  if (query.length !== dimensions) throw wrongWidth(query.length, dimensions);
  const at = firstBad(query);
  if (at >= 0) throw badValue(query[at], 'the query');
}

/** Vectors as the index compares them: as they are, or copies of length 1. Those of zeros stay. */
export function prepared(data: Float32Array, dimensions: number, metric: Metric): Float32Array {
  if (metric === 'ip') return data;
  const out = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += dimensions) {
    let sum = 0;
    for (let i = from; i < from + dimensions; i++) sum += data[i] * data[i];
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = from; i < from + dimensions; i++) out[i] = data[i] * scale;
  }
  return out;
}

function firstBad(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]) <= LARGEST)) return i;
  return -1;
}

const wrongWidth = (got: number, wanted: number) =>
  new TowerkitError('SHAPE_MISMATCH', `a vector has ${got} values, this index has ${wanted} dimensions`, {
    details: { got, wanted },
  });

const badValue = (value: number, where: string, details?: Record<string, unknown>) =>
  new TowerkitError('BAD_VECTOR', `${where} has a value of ${value}`, {
    hint: `values must be finite and at most ${LARGEST} in size`,
    details,
  });
