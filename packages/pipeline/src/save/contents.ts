import type { ArtifactContents } from '@towerkit/artifact';
import { basename } from 'node:path';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { heldMoments } from '../data/prepare-moments.js';
import { packageVersions } from './packages.js';

/** The contents of an artifact that do not depend on the model: recipe, users, items, parts of the split. */
export function contentsOf(
  {
    dataset,
    log,
    catalog,
    split,
    fingerprint,
    users,
    feedback,
    moments,
  }: Pick<
    Prepared,
    'dataset' | 'log' | 'catalog' | 'split' | 'fingerprint' | 'users' | 'feedback' | 'moments'
  >,
  config: ResolvedConfig,
): Pick<
  ArtifactContents,
  | 'name'
  | 'recipe'
  | 'dataset'
  | 'packages'
  | 'users'
  | 'items'
  | 'catalog'
  | 'userTable'
  | 'histories'
  | 'validation'
  | 'test'
  | 'feedback'
  | 'counts'
  | 'moments'
> {
  return {
    name: config.name,
    recipe: recipeJson(config, dataset.name),
    dataset: { name: dataset.name, fingerprint, interactions: log.user.length },
    packages: packageVersions(),
    users: log.users,
    items: log.items,
    catalog,
    ...(users?.table && { userTable: users.table }),
    histories: feedback?.learning.histories ?? split.train,
    validation: split.validation,
    test: split.test,
    ...(feedback && { feedback: feedback.parts, counts: split.train.columnCounts() }),
    ...(moments && { moments: heldMoments(moments) }),
  };
}

/** The config as JSON, with the data set as it was recognized, and without the places where it and other artifacts were. */
function recipeJson(config: ResolvedConfig, name: string): Record<string, unknown> {
  const { data, start, distill } = config;
  const named = <T extends { readonly from: string }>(source: T | undefined) =>
    source && { ...source, from: basename(source.from) };
  const plain = {
    ...config,
    ...(start && {
      start: {
        ...start,
        items: named(start.items),
        users: typeof start.users === 'string' ? start.users : named(start.users),
      },
    }),
    ...(distill?.teacher && { distill: { ...distill, teacher: basename(distill.teacher) } }),
    data: { ...data, path: undefined, generate: undefined, dataset: data.dataset ?? name },
  };
  return JSON.parse(JSON.stringify(plain)) as Record<string, unknown>;
}
