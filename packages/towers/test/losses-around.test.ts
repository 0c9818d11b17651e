import { describe, expect, test } from '@jest/globals';

import {
  bpr,
  contrastive,
  dislikes,
  distillation,
  itemTower,
  mse,
  rated,
  refinedSoftmax,
  sampledSoftmax,
  sumTower,
  twoTower,
  type Loss,
} from '../src/index.js';

const taught = (loss: Loss) => distillation({ loss, alpha: 0.5 });
const disliking = (loss: Loss) => dislikes({ loss });
const rating = (loss: Loss) => rated({ loss });

describe('a loss around others needs what they need', () => {
  test.each<[string, Loss, Partial<Loss>]>([
    ['a teacher and dislikes', taught(disliking(bpr())), { teacher: true, dislikes: true }],
    ['dislikes and a teacher', disliking(taught(bpr())), { teacher: true, dislikes: true }],
    ['ratings, a teacher and dislikes', rating(taught(disliking(bpr()))), { teacher: true, dislikes: true }],
    ['ratings where there are some', disliking(rating(bpr())), { ratings: true, partlyRated: true }],
    ['the scale of ratings', taught(mse({ offset: 3 })), { ratings: true, rating: { offset: 3 } }],
    ['no ratings', taught(bpr()), { ratings: undefined, partlyRated: undefined, dislikes: undefined }],
    // What is not rated would be a label of 0 to the loss inside.
    ['every label', rating(contrastive({ graded: true })), { ratings: true, partlyRated: undefined }],
  ])('%s', (_, loss, expected) => {
    expect(loss).toMatchObject(expected);
  });

  test('and names them', () => {
    expect(disliking(taught(refinedSoftmax())).settings).toEqual({
      loss: { name: 'distillation', loss: { name: 'refined-softmax' }, alpha: 0.5, by: 'mse' },
      weight: 1,
    });
  });
});

describe('a rating head', () => {
  const build = (loss: Loss) => () => {
    const id = { kind: 'embedding', of: 'id', dimensions: 4 } as const;
    const user = sumTower({ dimensions: 4, inputs: { id } });
    return twoTower({ item: itemTower({ dimensions: 4 }), user, rating: { offset: 3 }, loss });
  };

  test('needs a loss that it learns from', () => {
    for (const loss of [sampledSoftmax(), taught(bpr()), mse({ offset: 3 }), disliking(mse())])
      expect(build(loss)).toThrow(expect.objectContaining({ code: 'BAD_TOWER' }));
    for (const loss of [rating(sampledSoftmax()), taught(rating(bpr()))])
      expect(build(loss)().rating?.scale).toEqual({ offset: 3 });
  });

  test('is not for a loss whose scores are ratings', () => {
    expect(() => rating(mse())).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
