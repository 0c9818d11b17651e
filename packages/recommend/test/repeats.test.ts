import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullHistories } from '@towerkit/artifact';
import { Rng, type Repeats } from '@towerkit/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bestOf, openArtifact, repeatsOf, valueOf, type OpenArtifact } from '../src/index.js';
import { catalogRows, ITEMS, saveAls, savePersonalPopularity, saveTower } from './toy.js';

const MODES: Repeats[] = ['exclude', 'allow', 'only'];
const KINDS = ['tower', 'als', 'personal'] as const;

let folder: string;
const artifacts: Record<string, OpenArtifact> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-repeats-'));
  await saveTower(join(folder, 'tower'));
  await saveAls(join(folder, 'als'));
  await savePersonalPopularity(join(folder, 'personal'), { repeats: 'allow' });
  for (const name of KINDS) artifacts[name] = await openArtifact(join(folder, name), { threads: 1 });
});
afterAll(async () => {
  for (const artifact of Object.values(artifacts)) await artifact.dispose();
  await rm(folder, { recursive: true });
});

const isTea = (item: number) => catalogRows[item].kind === 'tea';

/** Every item that may be in an answer, by the model's own score, best first; equal scores by id. */
async function oracle(
  { model }: OpenArtifact,
  history: readonly number[],
  repeats: Repeats,
  may: (item: number) => boolean,
): Promise<number[]> {
  const scores = new Float32Array(ITEMS);
  await model.score([history], scores, [-1]);
  return Array.from(scores.keys())
    .filter((item) => repeats === 'allow' || history.includes(item) === (repeats === 'only'))
    .filter(may)
    .sort((a, b) => scores[b] - scores[a] || a - b);
}

describe.each(KINDS)('%s', (name) => {
  test.each(MODES)(
    'random histories, filters and denied items give what a full sort gives: %s',
    async (repeats) => {
      const artifact = artifacts[name];
      const rng = new Rng(9);
      for (let round = 0; round < 40; round++) {
        const history = Array.from({ length: 1 + rng.integer(6) }, () => rng.integer(40));
        const deny = Array.from({ length: rng.integer(4) }, () => rng.integer(ITEMS));
        const where = rng.uniform() < 0.5 ? { kind: 'tea' } : undefined;
        const k = 1 + rng.integer(12);
        const all = await oracle(
          artifact,
          history,
          repeats,
          (item) => !deny.includes(item) && (!where || isTea(item)),
        );
        const [outcome] = await artifact.engine.recommend([{ history, user: -1, k, deny, where, repeats }]);
        const { items, scores } = valueOf(outcome);
        expect([...items].sort()).toEqual(all.slice(0, k).sort());
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }
    },
  );

  test.each(MODES)('every user at once gets the lists of each alone: %s', async (repeats) => {
    const artifact = artifacts[name];
    const lists: Record<string, string[]> = {};
    for await (const rows of artifact.recommendAll(4, undefined, { repeats }))
      rows.user.forEach((user, place) => (lists[user] ??= []).push(rows.item[place]));
    for (const [id, user] of artifact.users.names.entries()) {
      const { items } = await artifact.recommend({ user }, 4, { repeats });
      expect([...(lists[user] ?? [])].sort()).toEqual(items.map((item) => item.id).sort());
      const had = Array.from(fullHistories(artifact).row(id), (item) => artifact.items.nameOf(item));
      if (repeats === 'only') for (const item of items) expect(had).toContain(item.id);
      if (repeats === 'exclude') for (const item of items) expect(had).not.toContain(item.id);
    }
  });
});

describe('what a question does not say', () => {
  test('is what the artifact was measured for, else exclude', async () => {
    const { tower, personal } = artifacts;
    expect([repeatsOf(tower.manifest), repeatsOf(personal.manifest)]).toEqual(['exclude', 'allow']);
    expect(repeatsOf({ recipe: { repeats: 'sometimes' } })).toBe('exclude');
    const history = ['i3', 'i3', 'i5'];
    const first = async (artifact: OpenArtifact, repeats?: Repeats) =>
      (await artifact.recommend(history, 2, { repeats })).items.map(({ id }) => id);
    expect(await first(personal)).toEqual(['i3', 'i5']);
    expect(await first(personal, 'exclude')).not.toContain('i3');
    for (const id of await first(tower)) expect(history).not.toContain(id);
  });

  test('nothing had, nothing to have again', async () => {
    const [answer] = await artifacts.tower.engine.recommend([
      { history: [], user: -1, k: 3, repeats: 'only' },
    ]);
    expect(valueOf(answer)).toMatchObject({ items: [], source: 'popularity' });
  });

  test('items without a score of their own are ranked by popularity within what is allowed', async () => {
    const { als } = artifacts;
    const best = bestOf(Float32Array.from(als.counts), 3, []);
    const [answer] = await als.engine.recommend([{ history: [], user: -1, k: 3, repeats: 'allow' }]);
    expect(valueOf(answer).items).toEqual(best.items);
  });

  test('another value is refused', async () => {
    const { tower } = artifacts;
    const repeats = 'both' as Repeats;
    const refusal = expect.objectContaining({ code: 'BAD_OPTION' });
    await expect(tower.recommend(['i3'], 2, { repeats })).rejects.toThrow(refusal);
    await expect(tower.recommendAll(2, undefined, { repeats }).next()).rejects.toThrow(refusal);
  });
});
