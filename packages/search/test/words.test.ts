import { Rng } from '@towerkit/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { FeatureTable, tokensOf } from '../src/index.js';
import { featuresOf } from './features-of.js';

describe('tokens', () => {
  test.each([
    ['Rust-Oleum 12" PaintBrushes, 2x4', 'rust oleum 12 in paint brush 2 x 4'],
    ['4x8wood PS5 DeckOver', '4 x 8 wood ps 5 deck over'],
    ['25,000 BTU, 1/2 in. x 3.5 ft.', '25000 btu 1/2 in x 3.5 ft'],
    ['½ in. and 1½ inches', '1/2 in and 1 1/2 in'],
    ['Briggs &amp; Stratton &quot;Pro&quot; &#39;x&#39;', 'brigg stratton pro x'],
    [
      'glasses batteries lens gas status chassis boxes dishes',
      'glass battery len gas status chassis box dish',
    ],
    ['Café CAFÉ Jalapeño', 'cafe cafe jalapeno'],
    ["worker's 6' ladder", 'worker 6 ft ladder'],
    ['😀 🔨 !!! --', ''],
    ['', ''],
    ['молоток 日本語 مطرقة', 'молоток 日本語 مطرقة'],
    ['&bogus; &#0; &#9999999;', 'bogus 9999999'],
  ])('%j', (text, wanted) => {
    expect(tokensOf(text).join(' ')).toBe(wanted);
  });

  test('capitals, and the marks around a text, make no difference', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abz09 ./-') }), (text) => {
        expect(tokensOf(`(${text.toUpperCase()})`)).toEqual(tokensOf(text));
      }),
    );
  });

  test('any text is read without an error, and its tokens read as themselves once more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const token of tokensOf(text)) expect(token).not.toMatch(/[\s"!]/);
      }),
    );
  });

  test('what stands beyond 32,768 characters is not read', () => {
    expect(tokensOf(`${'a '.repeat(16_384)}hammer`)).not.toContain('hammer');
  });
});

describe('features', () => {
  const options = { ngrams: [3], ngramWeight: 0.5, pairs: true };

  test('words, pairs and n-grams with their weights', () => {
    const half = 0.5 / Math.sqrt(3);
    expect([...featuresOf(['saw', '2', 'saw'], { ...options, pairs: false })]).toEqual([
      ['wsaw', 1],
      ['g<sa', 2 * half],
      ['gsaw', 2 * half],
      ['gaw>', 2 * half],
      ['w2', 1],
    ]);
    expect([...featuresOf(['a', 'b'], { ...options, ngrams: [] }).keys()]).toEqual(['wa', 'wb', 'pa b']);
  });

  test('a word is not an n-gram of itself', () => {
    expect([...featuresOf(['a'], options).keys()]).toEqual(['wa']);
  });

  test('a table keeps what stands in enough texts, and reads nothing else', () => {
    const { table, counts } = FeatureTable.fit(
      [['a', 'b'], ['a'], ['c']],
      [['d'], ['d', 'e']],
      { ...options, ngrams: [] },
      2,
    );
    expect(table.names).toEqual(['wa', 'wd']);
    expect([...counts]).toEqual([2, 0]);
    expect(table.read(['c', 'e', 'a'])).toEqual({ rows: [0], weights: [1] });
    const bags = table.bags([['b'], ['a', 'a']]);
    expect([...bags.indptr]).toEqual([0, 0, 1]);
  });

  test('a table reads and counts what the features of a text are, one by one', () => {
    const rng = new Rng(2);
    const read = { ...options, ngrams: [2, 3] };
    const texts = Array.from({ length: 40 }, () =>
      Array.from({ length: rng.integer(6) }, () => ['saw', 'sawsaw', 'b', '2x4', 'aaaa'][rng.integer(5)]),
    );
    const { table, counts } = FeatureTable.fit(texts, [], read, 3);
    const all = texts.map((tokens) => featuresOf(tokens, read));
    table.names.forEach((name, row) =>
      expect(counts[row]).toBe(all.filter((features) => features.has(name)).length),
    );
    texts.forEach((tokens, text) => {
      const { rows, weights } = table.read(tokens);
      const expected = [...all[text]].filter(([name]) => table.names.includes(name));
      expect(rows.map((row) => table.names[row]).sort()).toEqual(expected.map(([name]) => name).sort());
      rows.forEach((row, at) => expect(weights[at]).toBeCloseTo(all[text].get(table.names[row])!, 5));
    });
  });

  test('a typo shares more with its word than another word does', () => {
    const shared = (a: string, b: string) => {
      const other = featuresOf([b], options);
      return [...featuresOf([a], options)].reduce(
        (sum, [name, weight]) => sum + weight * (other.get(name) ?? 0),
        0,
      );
    };
    expect(shared('sprnkler', 'sprinkler')).toBeGreaterThan(shared('hammer', 'sprinkler'));
  });
});
