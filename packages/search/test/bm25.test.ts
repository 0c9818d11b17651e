import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { Bm25 } from '../src/index.js';

const word = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const text = fc.array(word, { maxLength: 6 });

/** The formula, text by text. */
function naive(texts: string[][], query: string[], k1: number, b: number): number[] {
  const mean = texts.reduce((sum, { length }) => sum + length, 0) / texts.length || 1;
  return texts.map((tokens) =>
    query.reduce((sum, token) => {
      const frequency = tokens.filter((other) => other === token).length;
      const holding = texts.filter((other) => other.includes(token)).length;
      const idf = Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5));
      const norm = k1 * (1 - b + (b * tokens.length) / mean);
      return frequency === 0 ? sum : sum + (idf * frequency * (k1 + 1)) / (frequency + norm);
    }, 0),
  );
}

describe('BM25', () => {
  test('scores are those of the formula, query after query', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (texts, queries, k1, b) => {
          const bm25 = new Bm25(texts, { k1, b });
          for (const query of queries) {
            const { scores, found, count } = bm25.score(query);
            const wanted = naive(texts, query, k1, b);
            wanted.forEach((score, row) => expect(scores[row]).toBeCloseTo(score, 4));
            const hits = [...found.subarray(0, count)].sort((x, y) => x - y);
            expect(hits).toEqual([...wanted.keys()].filter((row) => wanted[row] > 0));
          }
        },
      ),
    );
  });

  test('a value worked by hand', () => {
    const { scores } = new Bm25(
      [
        ['a', 'b'],
        ['b', 'b'],
      ],
      { k1: 1, b: 0 },
    ).score(['a']);
    expect(scores[0]).toBeCloseTo(Math.log(1 + 1.5 / 1.5), 6); // one of two texts: frequency 1, (1 * 2) / (1 + 1)
    expect(scores[1]).toBe(0);
  });

  test('no texts, and texts of nothing', () => {
    expect(new Bm25([]).score(['a']).count).toBe(0);
    expect(new Bm25([[], []]).score(['a']).count).toBe(0);
  });

  test.each([{ k1: -1 }, { b: 1.5 }, { k1: NaN }])('refuses %j', (options) => {
    expect(() => new Bm25([['a']], options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

test('the length of a query is that of the vector of the idf of its words; an unknown word is the rarest', () => {
  const bm25 = new Bm25([['a', 'b'], ['a'], ['c']]);
  const idf = (holding: number) => Math.log(1 + (3 - holding + 0.5) / (holding + 0.5));
  expect(bm25.lengthOf(['a', 'b'])).toBeCloseTo(Math.hypot(idf(2), idf(1)), 9);
  expect(bm25.lengthOf(['z'])).toBeCloseTo(idf(0), 9);
  expect(bm25.lengthOf([])).toBe(0);
});
