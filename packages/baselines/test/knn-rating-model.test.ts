import { expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { ItemKnnRatings, ItemMean, KnnRatingModel, UserKnnRatings } from '../src/index.js';

/** Random ratings of 1 to 5; the last user and item have none. */
function random(seed: number, users = 20, items = 15): CsrMatrix {
  const rng = new Rng(seed);
  const [u, i, r]: number[][] = [[], [], []];
  for (let user = 0; user < users - 1; user++)
    for (let item = 0; item < items - 1; item++)
      if (rng.uniform() < 0.5) {
        u.push(user);
        i.push(item);
        r.push(1 + rng.integer(5));
      }
  return CsrMatrix.fromPairs(users, items, u, i, r);
}

for (const by of ['user', 'item'] as const)
  recommenderSuite(`KnnRatingModel by ${by}`, {
    make: () => new KnnRatingModel({ by, variant: 'means', neighbors: 5 }),
    load: (folder) => KnnRatingModel.load(folder, by),
    kind: `${by}-knn-ratings`,
    learns: false, // it predicts ratings, not what is taken next
    knowsUsers: true,
    interactions: random(3),
  });

test('its scores are what the predictor says of users it was told of, and the means of the items for the rest', () => {
  const ratings = random(7);
  const means = new ItemMean();
  means.fit(ratings);
  for (const [by, predictor] of [
    ['user', new UserKnnRatings({ neighbors: 4 })],
    ['item', new ItemKnnRatings({ neighbors: 4 })],
  ] as const) {
    const model = new KnnRatingModel({ by, neighbors: 4 });
    model.fit(ratings);
    predictor.fit(ratings);
    const out = new Float32Array(2 * 15);
    model.score([[], []], out, [6, -1]);
    const items = Int32Array.from({ length: 15 }, (_, item) => item);
    expect(Array.from(out.subarray(0, 15))).toEqual(
      Array.from(predictor.predict(new Int32Array(15).fill(6), items)),
    );
    expect(Array.from(out.subarray(15))).toEqual(
      Array.from(means.predict(new Int32Array(15).fill(-1), items)),
    );
  }
});

test('options without sense are refused at once', () => {
  expect(() => new KnnRatingModel({ by: 'user', neighbors: 0 })).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION' }),
  );
});
