import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullDisliked } from '@towerkit/artifact';
import { Rng, type Repeats } from '@towerkit/core';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { evaluateArtifact, trainBaseline, trainRecommender, type ModelShapes } from '../src/index.js';
import { configOf, kinds, prepared, rowsOf } from './feedback-toy.js';
import { opened } from './toy.js';

const MODES: Repeats[] = ['exclude', 'allow', 'only'];

/** What each of fifty people looked at, bought and hid of twelve things, oldest first; the last thing is bought, and the target. */
const TOLD = Array.from({ length: 50 }, (_, user) => {
  const rng = new Rng(user);
  const kindOf = () => ['view', 'buy', 'buy', 'hide'][rng.integer(4)];
  const rows = Array.from({ length: 9 }, () => ({ kind: kindOf(), item: `i${rng.integer(12)}` }));
  const first = { kind: 'buy', item: `i${user % 12}` };
  return [first, ...rows, { kind: 'buy', item: `i${rng.integer(12)}` }];
});
const ROWS = rowsOf(
  TOLD.flatMap((rows, user) => rows.map(({ kind, item }) => `u${user} ${kind} ${item}`)).join('\n'),
);

/** What may be ranked for a user after some rows, spelled out. */
function rankable(rows: (typeof TOLD)[number], repeats: Repeats): (item: string) => boolean {
  const [history, bought, hidden] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { kind, item } of rows) {
    if (kind === 'hide') hidden.add(item);
    else history.add(item);
    if (kind !== 'buy') continue;
    bought.add(item);
    hidden.delete(item); // they took it after all
  }
  return (item) => {
    if (hidden.has(item)) return false;
    if (repeats === 'allow') return true;
    return repeats === 'only' ? history.has(item) : !bought.has(item);
  };
}

/** Mean reciprocal rank of the targets by scores of the items, ties against the target. */
function oracle(repeats: Repeats, scores: ReadonlyMap<string, number>) {
  const reciprocal: number[] = [];
  for (const rows of TOLD) {
    const isRanked = rankable(rows.slice(0, -1), repeats);
    const target = rows.at(-1)!.item;
    if (!isRanked(target)) continue;
    const better = [...scores].filter(
      ([item, score]) => item !== target && isRanked(item) && score >= scores.get(target)!,
    );
    reciprocal.push(1 / (1 + better.length));
  }
  return { users: reciprocal.length, mrr: reciprocal.reduce((a, b) => a + b) / reciprocal.length };
}

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-dislikes-'))));
afterAll(() => rm(folder, { recursive: true }));

describe.each(MODES)('repeats: %s, beside dislikes', (repeats) => {
  test('what is measured is what an answer may hold: in validation, and of the artifact', async () => {
    const config = configOf(
      { kinds },
      { repeats, metrics: ['mrr'], split: { kind: 'leave-last-out' }, earlyStopping: false },
    );
    const made = await prepared(ROWS, config);
    const trained = await trainBaseline('popularity', made, config);
    const scores = new Float32Array(made.log.items.size);
    await trained.model.score([[0]], scores, [0]);
    const wanted = oracle(repeats, new Map(made.log.items.names.map((name, item) => [name, scores[item]])));
    expect(trained.metrics.mrr.value).toBeCloseTo(wanted.mrr, 10);
    const at = join(folder, repeats);
    await trained.save(at);
    await opened(at, async (artifact) => {
      const { metrics, users, baselines } = await evaluateArtifact(artifact);
      expect(users).toBe(wanted.users);
      expect(metrics).toEqual(trained.metrics);
      expect(baselines).toEqual(trained.baselines);
      const disliked = fullDisliked(artifact)!;
      for (const [user, rows] of TOLD.entries()) {
        const { items } = await artifact.recommend({ user: `u${user}` }, 12);
        const isRanked = rankable(rows, repeats);
        expect(items.map(({ id }) => id).sort()).toEqual(artifact.items.names.filter(isRanked).sort());
        expect(items.some(({ id }) => disliked.row(user).includes(artifact.items.indexOf(id)!))).toBe(false);
      }
    });
  });

  test('a tower that reads moments, too, is validated on the same', async () => {
    const recommender = await trainRecommender({
      interactions: { ...ROWS, time: Array.from(ROWS.time!, (time) => time * 3600) },
      kinds,
      moment: { time: ['hour'] },
      model: ({ moment }: ModelShapes) =>
        twoTower({
          item: itemTower({ dimensions: 4 }),
          user: gruTower({ dimensions: 4, inputs: moment.inputs }),
        }),
      ...{ repeats, metrics: ['mrr'], epochs: 1, threads: 1, earlyStopping: false },
      negatives: [{ kind: 'uniform', count: 6 }],
    });
    try {
      const { metrics, users } = await recommender.evaluate();
      const ranked = TOLD.filter((rows) => rankable(rows.slice(0, -1), repeats)(rows.at(-1)!.item));
      expect(users).toBe(ranked.length);
      expect(metrics.mrr.users).toBe(recommender.metrics.mrr.users);
      expect(metrics.mrr.value).toBeCloseTo(recommender.metrics.mrr.value, 6);
    } finally {
      await recommender.dispose();
    }
  });
});
