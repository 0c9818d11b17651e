import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { WordSearch } from '../src/index.js';
import { wordsOf } from '../src/words/words.js';

const found = (titles: readonly (string | null)[], query: string, weights = titles.map(() => 1)) => [
  ...WordSearch.of(titles, weights).find(query, 10),
];

describe('words without case, marks and widths', () => {
  test.each([
    ['Größe', 'GRÖSSE'],
    ['Größe', 'grosse'],
    ['GROSSE', 'größe'],
    ['Łódź', 'lodz'],
    ['LODZ', 'Łódź'],
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'ıstanbul'],
    ['istanbul', 'İSTANBUL'],
    ['Ｆｕｌｌ　Ｗｉｄｔｈ １２', 'full 12'],
    ['plain', 'ｐｌａｉｎ'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδός', 'ΟΔΌΣ'],
    ['ﬁnal ﬂight', 'final FLIGHT'],
    ['Encyclopædia Œuvre', 'encyclopaedia oeuvre'],
    ['Smørrebrød', 'smorrebrod'],
    ['Þór', 'thor'],
    ['Ёлка', 'елка'],
    ['ｹﾞｰﾑ', 'ゲーム'],
    ['Pokémon', 'poke\u0301mon'],
    ['ǅungla', 'dzungla'],
  ])('%s is found by %s', (title, query) => {
    expect(found(['something else', title], query)).toEqual([1]);
  });

  test('what is another letter, not a mark, is kept apart', () => {
    expect(found(['カキ', 'ガギ'], 'ガ')).toEqual([1]);
    expect(found(['कल', 'कील'], 'कील')).toEqual([1]);
    expect(found(['กา', 'กี'], 'กี')).toEqual([1]);
  });
});

describe('scripts without blanks', () => {
  test.each([
    ['新しいゲームの世界', '世界'],
    ['新しいゲームの世界', 'ゲーム'],
    ['新しいゲームの世界', '界'],
    ['新しいゲームの世界', '新'],
    ['新しいゲームの世界', 'ゲームの 世界'],
    ['東京都庁', '京都'],
    ['魔兽世界：巫妖王之怒', '巫妖王'],
    ['เกมโลกใหม่', 'โลก'],
    ['신작게임의세계', '세계'],
    ['세계의 끝', '세계'],
    ['ゼルダの伝説 Breath of the Wild', '伝説 breath'],
    ['第2章', '2章'],
  ])('%s is found by %s', (title, query) => {
    expect(found(['他の物', title], query)).toEqual([1]);
  });

  test('every part of every word is found, and what is not in it is not', () => {
    const title = '新しいゲームの世界';
    for (let from = 0; from < title.length; from++)
      for (let to = from + 1; to <= title.length; to++)
        expect(found(['x', title], title.slice(from, to))).toEqual([1]);
    expect(found([title], '世新')).toEqual([]);
  });
});

test('all beginnings asked for, the heavy ones first, rows without a text never', () => {
  const search = WordSearch.of(
    ['Pokémon Red', 'Pokemon Blue', 'Red Dead', null, 'reddish poker', ''],
    [1, 5, 3, 9, 2, 8],
  );
  expect([...search.find('poke', 10)]).toEqual([1, 4, 0]);
  expect([...search.find('RED pok', 10)]).toEqual([4, 0]);
  expect([...search.find('re', 2)]).toEqual([2, 4]);
  expect([...search.find('re', 10, (row) => row !== 2)]).toEqual([4, 0]);
  for (const none of ['green', ' -- ', '', '!!!', '\ud800', 'po zz'])
    expect([...search.find(none, 10)]).toEqual([]);
  expect([...search.first(3)]).toEqual([3, 5, 1]);
  expect([...search.first(2, (row) => row > 3)]).toEqual([5, 4]);
});

test('lone surrogates, controls, emoji and 10,000 characters in titles', () => {
  const long = 'word '.repeat(2000);
  const titles = [
    'a\ud83d lone',
    '\udc00',
    'nul\0byte',
    '🎮 game',
    `${long}last`,
    'x'.repeat(10_000),
    '世'.repeat(10_000),
  ];
  const search = WordSearch.of(
    titles,
    titles.map(() => 1),
  );
  for (const [query, row] of [
    ['lone', 0],
    ['byte', 2],
    ['🎮 GAME', 3],
    ['last', 4],
    ['x'.repeat(10_000), 5],
    ['世世世', 6],
  ] as const)
    expect([...search.find(query, 10)]).toEqual([row]);
});

test('says the same as a scan of all titles, on random words', () => {
  const rng = new Rng(5);
  const word = () => Array.from({ length: 1 + rng.integer(3) }, () => 'abc世界の'[rng.integer(6)]).join('');
  const text = () => Array.from({ length: rng.integer(5) }, word).join(' ');
  const titles = Array.from({ length: 300 }, text);
  const weights = titles.map(() => rng.integer(4));
  const search = WordSearch.of(titles, weights);
  const order = [...titles.keys()].sort((a, b) => weights[b] - weights[a] || a - b);
  for (let turn = 0; turn < 300; turn++) {
    const query = Array.from(
      { length: 1 + rng.integer(3) },
      () => 'abc'[rng.integer(3)] + 'abc'[rng.integer(3)],
    ).join(' ');
    const wanted = query.split(' ');
    const scan = order.filter((row) => {
      const words = wordsOf(titles[row]);
      return wanted.every((prefix) => words.some((one) => one.startsWith(prefix)));
    });
    expect([...search.find(query, 300)]).toEqual(scan);
  }
});

test('a query of any length asks for each word once', () => {
  const titles = Array.from({ length: 2000 }, (_, row) => `alpha beta ${row}`);
  const search = WordSearch.of(
    titles,
    titles.map(() => 1),
  );
  expect([...search.find('a al alp alpha '.repeat(200) + 'beta', 1)]).toEqual([0]);
  const many = Array.from({ length: 1000 }, (_, at) => `w${at}`).join(' ');
  expect([...search.find(many, 5)]).toEqual([]);
  expect([...search.find('alpha '.repeat(1e6), 2)]).toEqual([0, 1]);
});

test('is typed arrays alone, which another thread can take', () => {
  const made = WordSearch.of(['Größe', '世界', null], [1, 2, 3]);
  const taken = new WordSearch(structuredClone(made.tables));
  expect(Object.values(made.tables).every((part) => ArrayBuffer.isView(part))).toBe(true);
  expect([...taken.find('grosse', 5)]).toEqual([0]);
  expect(taken.size).toBe(3);
  expect(() => WordSearch.of(['a'], [])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
