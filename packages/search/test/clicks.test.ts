import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng, Vocabulary } from '@towerkit/core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { positionBias, readClicks, weakJudgments, type ClickLog } from '../src/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-clicks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How often each place is looked at in the generated logs. */
const LOOKS = [1, 0.6, 0.4, 0.25, 0.15, 0.1];
const [QUERIES, PRODUCTS, SHOWN] = [60, 12, 150];

/** Lists of a shop whose old ranking is often wrong, clicks by the position-based model; what is liked is known. */
function generated(seed: number): { log: ClickLog; liked: Float64Array[] } {
  const rng = new Rng(seed);
  const log = {
    query: [] as string[],
    product: [] as number[],
    position: [] as number[],
    clicked: [] as number[],
    purchased: [] as number[],
  };
  const liked = Array.from({ length: QUERIES }, () =>
    Float64Array.from({ length: PRODUCTS }, () => rng.uniform() ** 2),
  );
  for (let query = 0; query < QUERIES; query++) {
    const old = Float64Array.from({ length: PRODUCTS }, () => rng.uniform());
    for (let list = 0; list < SHOWN; list++) {
      const noisy = old.map((value) => value + 0.25 * rng.normal());
      const order = [...noisy.keys()].sort((a, b) => noisy[b] - noisy[a]).slice(0, LOOKS.length);
      order.forEach((product, place) => {
        const clicks = rng.uniform() < LOOKS[place] * liked[query][product];
        log.query.push(`query ${query}`);
        log.product.push(product);
        log.position.push(place + 1);
        log.clicked.push(clicks ? 1 : 0);
        log.purchased.push(clicks && rng.uniform() < liked[query][product] ? 1 : 0);
      });
    }
  }
  return { log, liked };
}

/** Mean NDCG of the products in the order of their gains, by what is liked. */
function quality(log: ClickLog, liked: readonly Float64Array[], looks?: ArrayLike<number>): number {
  const { queries, start, products, gains } = weakJudgments(log, { looks });
  let sum = 0;
  for (let row = 0; row < queries.size; row++) {
    const truth = liked[Number(queries.names[row].slice(6))];
    const dcg = (order: readonly number[]) =>
      order.reduce((total, at, place) => total + truth[products[at]] / Math.log2(place + 2), 0);
    const all = Array.from({ length: start[row + 1] - start[row] }, (_, k) => start[row] + k);
    sum +=
      dcg([...all].sort((a, b) => gains[b] - gains[a])) /
      dcg([...all].sort((a, b) => truth[products[b]] - truth[products[a]]));
  }
  return sum / queries.size;
}

describe('clicks whose truth is known', () => {
  test.each([1, 2, 3])('the bias is found, and labels without it are better: seed %i', (seed) => {
    const { log, liked } = generated(seed);
    const looks = positionBias(log);
    LOOKS.forEach((truth, place) => expect(Math.abs(looks[place] - truth)).toBeLessThan(0.08));
    const [plain, corrected, ideal] = [undefined, looks, LOOKS].map((by) => quality(log, liked, by));
    expect(corrected).toBeGreaterThan(plain + 0.01);
    expect(Math.abs(corrected - ideal)).toBeLessThan(0.01);
  });

  test('gains by hand: clicks by how often their place is looked at, purchases more', () => {
    const log = {
      query: ['a', 'a', 'a', 'b', 'b'],
      product: [0, 1, 0, 0, 2],
      position: [1, 2, 2, 1, 2],
      clicked: [1, 1, 0, 0, 1],
      purchased: [0, 0, 0, 0, 1],
    };
    const { queries, start, products, gains } = weakJudgments(log, { looks: [1, 0.8], prior: 0 });
    // Product 0 of query a: one click in 1.8 looks.
    expect(queries.names).toEqual(['a', 'b']);
    expect([...start]).toEqual([0, 2, 4]);
    expect([...products]).toEqual([0, 1, 0, 2]);
    [0.5 / 1.8, 0.5 / 0.8, 0, 1].forEach((gain, at) => expect(gains[at]).toBeCloseTo(gain, 6));
  });

  test.each([
    [{ position: [0] }, 'BAD_VALUE'],
    [{ position: [1.5] }, 'BAD_VALUE'],
    [{ clicked: [2] }, 'BAD_VALUE'],
    [{ clicked: [] }, 'SHAPE_MISMATCH'],
    [{ query: [], product: [], position: [], clicked: [] }, 'EMPTY_DATA'],
    [{ product: [-1] }, 'NO_JUDGMENTS'],
  ])('refuses %j', (wrong, code) => {
    const log = { query: ['a'], product: [0], position: [1], clicked: [1], ...wrong };
    expect(() => weakJudgments(log)).toThrow(expect.objectContaining({ code }));
  });

  test('refuses options without sense', () => {
    const log = { query: ['a'], product: [0], position: [1], clicked: [1] };
    expect(() => weakJudgments(log, { leastLook: 0 })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
    expect(() => positionBias(log, { rounds: 0 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  test('beside the best of a query gains are up to 1; a query without a click has none that is high', () => {
    const log = {
      query: ['a', 'a', 'b', 'b'],
      product: [0, 1, 0, 2],
      position: [1, 2, 1, 2],
      clicked: [1, 0, 0, 0],
    };
    const { gains } = weakJudgments(log, { prior: 1, scale: 'query' });
    // The mean gain is .5 / 4 a look: (.5 + .125) / 2, .125 / 2; divided by the best, or by the mean.
    [1, 0.2, 0.5, 0.5].forEach((gain, at) => expect(gains[at]).toBeCloseTo(gain, 6));
  });

  test('a log is read from a file with columns of its own, and gives the judgments of its rows', async () => {
    const { log } = generated(4);
    const path = join(folder, 'shown.csv');
    const rows = log.query.map((query, row) =>
      [
        query,
        `p${log.product[row]}`,
        log.position[row],
        log.clicked[row] ? 'true' : 'false',
        log.purchased![row],
      ].join(),
    );
    await writeFile(path, `q,sku,place,click,sold\n${rows.join('\n')}\n`);
    const products = new Vocabulary(Array.from({ length: PRODUCTS }, (_, item) => `p${item}`));
    const how = { click: 0.5, purchase: 1, prior: 1, leastShown: 1 };
    const columns = { query: 'q', product: 'sku', position: 'place', clicked: 'click', purchased: 'sold' };
    const { judgments, looks } = await readClicks({ path, columns, products, ...how });
    const wanted = weakJudgments(log, { looks: positionBias(log), scale: 'query' });
    expect(judgments).toEqual(wanted);
    expect(looks[0]).toBe(1);
    const wrong = readClicks({ path, columns: { ...columns, position: 'sold' }, products, ...how });
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_VALUE' });
    const missing = readClicks({ path, columns: { ...columns, position: 'rank' }, products, ...how });
    await expect(missing).rejects.toMatchObject({ code: 'MISSING_COLUMN' });
  });
});
