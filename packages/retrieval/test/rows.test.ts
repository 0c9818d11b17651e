import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { IdTable } from '../src/rows/id-table.js';
import { countBits, hasBit, setBit } from '../src/rows/mask.js';
import { Slots } from '../src/rows/slots.js';

describe('IdTable does as a map does', () => {
  test.each([
    ['dense ids', 3_000],
    ['ids up to nine times their number', 45_000],
    ['any ids', Number.MAX_SAFE_INTEGER],
  ])('%s', (_, bound) => {
    const rng = new Rng(1);
    const [table, map] = [new IdTable(), new Map<number, number>()];
    const draw = () =>
      bound === Number.MAX_SAFE_INTEGER ? rng.integer(2 ** 31) * 2 ** 21 : rng.integer(bound);
    for (let step = 0; step < 20_000; step++) {
      const id = step % 4 === 3 ? ([...map.keys()].at(-1) ?? 0) : draw();
      if (step % 5 === 0) {
        table.delete(id);
        map.delete(id);
      } else {
        table.set(id, step);
        map.set(id, step);
      }
      const other = draw();
      expect(table.get(other)).toBe(map.get(other));
      if (map.size > 200)
        for (const old of [...map.keys()].slice(0, 150)) {
          table.delete(old);
          map.delete(old);
        }
    }
    for (const [id, slot] of map) expect(table.get(id)).toBe(slot);
  });
});

test('slots: additions, updates, removals, and what is stored', () => {
  const slots = new Slots([7, 3, 9]);
  slots.add([3, 100]);
  slots.remove([7]);
  slots.skip(2);
  slots.add([7]);
  expect([...slots.stored()]).toEqual([-1, -1, 9, 3, 100, -1, -1, 7]);
  expect([slots.used, slots.size, slots.tombstones]).toEqual([8, 4, 4]);
  expect([7, 3, 9, 100, 8].map((id) => slots.slotOf(id))).toEqual([7, 3, 2, 4, undefined]);
  expect(slots.live.words[0].toString(2)).toBe('10011100');
  expect(() => slots.remove([9, 55])).toThrow(expect.objectContaining({ code: 'UNKNOWN_ID' }));
  expect(slots.size).toBe(4);
  const again = new Slots(slots.stored());
  expect([again.used, again.size, again.slotOf(9), again.slotOf(7)]).toEqual([8, 4, 2, 7]);
});

test('masks count their bits', () => {
  const rng = new Rng(3);
  const words = new Uint32Array(50);
  const wanted = new Set(Array.from({ length: 400 }, () => rng.integer(1_600)));
  for (const slot of wanted) setBit(words, slot);
  for (let slot = 0; slot < 1_600; slot++) expect(hasBit(words, slot)).toBe(wanted.has(slot));
  expect(countBits(words)).toBe(wanted.size);
});
