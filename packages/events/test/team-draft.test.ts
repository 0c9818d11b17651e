import { expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { teamDraft } from '../src/index.js';

test('team draft: a round gives each team its best item that is left', () => {
  const draft = (coin: boolean) =>
    teamDraft(
      [
        ['a', 'b', 'c'],
        ['b', 'a', 'd'],
      ],
      4,
      () => coin,
      String,
    ).map(({ item, team }) => `${item}${team}`);
  expect(draft(true)).toEqual(['a0', 'b1', 'c0', 'd1']);
  expect(draft(false)).toEqual(['b1', 'a0', 'd1', 'c0']);
  expect(teamDraft([[], ['x']], 4, () => true, String)).toEqual([{ item: 'x', team: 1 }]);
});

test('team draft: of two random rankings no item is shown twice, and neither team is a pick ahead after a round', () => {
  const rng = new Rng(3);
  for (let trial = 0; trial < 200; trial++) {
    const items = Array.from({ length: 12 }, (_, item) => item);
    const teams = [rng.shuffle([...items]).slice(0, 9), rng.shuffle([...items]).slice(0, 9)] as const;
    const drafted = teamDraft(teams, 8, () => rng.uniform() < 0.5, String);
    expect(new Set(drafted.map(({ item }) => item)).size).toBe(8);
    for (let round = 0; round < 8; round += 2)
      expect(
        drafted
          .slice(round, round + 2)
          .map(({ team }) => team)
          .sort(),
      ).toEqual([0, 1]);
    // Each pick is the best of its team that was not taken before.
    for (const [place, { item, team }] of drafted.entries()) {
      const taken = drafted.slice(0, place).map((one) => one.item);
      expect(teams[team].find((one) => !taken.includes(one))).toBe(item);
    }
  }
});
