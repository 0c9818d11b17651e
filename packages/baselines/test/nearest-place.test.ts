import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NearestPlace, type NearestPlaceFitOptions } from '../src/index.js';

const random = (items: number) => {
  const rng = new Rng(7);
  return new Matrix(
    items,
    3,
    Float32Array.from({ length: 3 * items }, () => rng.uniform()),
  );
};

/** Knows where things are without being told. */
class Placed extends NearestPlace {
  override fit(interactions: CsrMatrix, options: NearestPlaceFitOptions = {}): void {
    super.fit(interactions, { positions: random(interactions.cols), ...options });
  }
}

recommenderSuite('NearestPlace', {
  make: () => new Placed(),
  load: NearestPlace.load,
  kind: 'nearest-place',
  learns: false,
});

describe('NearestPlace', () => {
  const positions = new Matrix(4, 3, Float32Array.of(0, 0, 0, 3, 4, 0, 0, 0, 1, NaN, NaN, NaN));
  const histories = CsrMatrix.fromRows([[0, 1, 2], [1], [3, 3, 3]], 4);
  const scoresOf = (model: NearestPlace, history: number[]) => {
    const scores = new Float32Array(4);
    model.score([history], scores);
    return scores;
  };

  test('by hand: the distance to the last item whose place is known, popularity where none is', async () => {
    const model = new NearestPlace();
    model.fit(histories, { positions });
    expect(Array.from(scoresOf(model, [1, 0, 3]), Math.round)).toEqual([0, -5, -1, -12_800]);
    const order = (row: Float32Array) => Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
    expect(order(scoresOf(model, [3]))).toEqual([3, 1, 0, 2]);
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-nearest-'));
    await model.save(folder);
    const loaded = await NearestPlace.load(folder);
    for (const history of [[1, 0, 3], [3], [], [2]])
      expect(scoresOf(loaded, history)).toEqual(scoresOf(model, history));
    await rm(folder, { recursive: true });
  });

  test('positions are asked for, three for each item', () => {
    const fit = (positions?: Matrix) => new NearestPlace().fit(histories, { positions });
    expect(() => fit()).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => fit(new Matrix(3, 3))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(() => fit(new Matrix(4, 2))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});
