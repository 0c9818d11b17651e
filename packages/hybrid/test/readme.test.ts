import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { saveArtifact } from '@towerkit/artifact';
import { splitBy } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { runReadme } from '@towerkit/workspace/readme';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fitHybrid, holdBack, hybridFacts, readReviews, Stages, writeHybridFiles } from '../src/fit.js';
import { hybridSchema } from '../src/index.js';

const KINDS = ['tea', 'lamp', 'novel'];
const WORDS = ['warm fragrant leaves cup', 'bright shade switch bulb', 'story chapter plot author'];
const NAMES = ['ann', 'bo', 'cy'];
const USERS = 60;
const ITEMS = 18;

/** Each user likes one of three kinds of products; Ann likes tea. */
function reviewsCsv(): string {
  const lines = ['user,product,stars,text,name,at'];
  for (let user = 0; user < USERS; user++)
    for (let step = 0; step < 6; step++) {
      const item = (user * 7 + step * 5) % ITEMS;
      const kind = item % 3;
      const liked = kind === user % 3;
      const text = `${liked ? 'love the' : 'dull'} ${WORDS[kind]}`;
      const at = `2024-03-${String(1 + ((user + 3 * step) % 21)).padStart(2, '0')}`;
      lines.push(
        `${NAMES[user] ?? `user ${user}`},p${item},${liked ? 5 : 2},${text},${KINDS[kind]} ${item},${at}`,
      );
    }
  return `${lines.join('\n')}\n`;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-hybrid-'));
  await writeFile(join(folder, 'reviews.csv'), reviewsCsv());
  const columns = { user: 'user', item: 'product', rating: 'stars', text: 'text', time: 'at' };
  const hybrid = hybridSchema.parse({
    encoder: { kind: 'lsa', dimensions: 8 },
    als: { factors: 4 },
    rating: { epochs: 3, learningRate: 0.002 },
    ranking: { epochs: 2, learningRate: 0.002 },
  });
  const source = { interactions: { file: 'reviews.csv', columns } };
  const reviews = await readReviews({ folder, source }, hybrid, { onBadRow: 'error', seed: 0 });
  const split = holdBack(reviews.order, hybrid.heldBack);
  const engine = await createEngine({ threads: 1 });
  const stages = new Stages(join(folder, 'stages'));
  const places = { cache: join(folder, '.text') };
  const fitted = await fitHybrid(reviews, split, {
    ...{ hybrid, engine, stages, places },
    seed: 0,
    threads: 1,
  });
  const { log, names, fingerprint } = reviews;
  const part = new Uint8Array(log.user.length);
  for (const row of split.test) part[row] = 1;
  const { train, validation } = splitBy(log, part);
  await saveArtifact(join(folder, 'artifact'), {
    ...{ kind: 'hybrid', name: 'reviews', recipe: {}, packages: {}, metrics: {}, baselines: {} },
    dataset: { name: 'reviews', fingerprint, interactions: log.user.length },
    ...{ users: log.users, items: log.items, titles: names, histories: train, validation },
    model: { ...hybridFacts(fitted, reviews, hybrid) },
    write: (into) => writeHybridFiles(into, fitted, reviews),
  });
  await fitted.recommender.dispose();
  await engine.dispose();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the README example runs', async () => {
  const printed = await runReadme(join(import.meta.dirname, '..'), {
    env: { ARTIFACT: join(folder, 'artifact') },
  });
  const lines = printed.trim().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines.slice(0, 3)) expect(line).toMatch(/^(tea|lamp|novel) \d+ [1-5]\.\d$/);
  expect(lines[3]).toMatch(/^for somebody who wrote of tea: (tea|lamp|novel) \d+$/);
  expect(lines[4]).toBe('recommended again: false');
  expect(lines[5]).toMatch(/^[1-3] reviews and [1-3] products are behind it$/);
});
