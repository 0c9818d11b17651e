import { REPEATS } from '@towerkit/core';
import { modelKinds } from '@towerkit/pipeline';
import { openArtifact, type Answer, type OpenArtifact } from '@towerkit/recommend';
import { join } from 'node:path';

import { sealArtifact, tamper } from '../generate/tampering.js';
import { WrongAnswer } from '../victim/protocol.js';
import type { ArtifactCase } from './artifacts.js';

const K = 5;

/** Opens a changed artifact and asks it what it can be asked. */
export async function askArtifact(
  { artifact, other, tampering }: ArtifactCase,
  folder: string,
  fixtures: string,
): Promise<void> {
  const path = join(folder, 'artifact');
  await tamper(join(fixtures, artifact), path, tampering, join(fixtures, other));
  if (tampering.sealed) await sealArtifact(path);
  const opened = await openArtifact(path, { kinds: modelKinds, threads: 1 });
  try {
    await ask(opened);
  } finally {
    await opened.dispose();
  }
}

async function ask(opened: OpenArtifact): Promise<void> {
  const { items, users, engine, model } = opened;
  const { ranker } = engine;
  const history = Array.from({ length: Math.min(3, items.size) }, (_, item) => items.nameOf(item));
  check(opened, await opened.recommend(history, K, { explain: ranker.explains }));
  check(opened, await opened.recommend({ history: [] }, K, { diversity: 0.5 }));
  if (users.size > 0) {
    const user = users.nameOf(users.size - 1);
    for (const repeats of REPEATS) check(opened, await opened.recommend({ user }, K, { repeats }));
  }
  if (model.moments) check(opened, await opened.recommend(history, K, { context: model.moments.unknown }));
  await opened.recommendAll(K).next();
  if (ranker.content?.readsText) check(opened, await opened.recommend({ text: 'a red mug' }, K));
  await engine.similar({ item: 0, k: K });
}

/** An answer is a list of items that there are, each once, with scores that are numbers. */
function check({ items, manifest }: OpenArtifact, { items: list }: Answer): void {
  const what = (text: string) => new WrongAnswer(`${manifest.kind}: ${text}`);
  if (list.length > K) throw what('a list longer than k');
  if (new Set(list.map(({ id }) => id)).size < list.length) throw what('an item twice in a list');
  if (!list.every(({ id }) => items.indexOf(id) !== undefined)) throw what('an item that is none');
  if (!list.every(({ score }) => Number.isFinite(score))) throw what('a score that is no finite number');
}
