import { CsrMatrix, Vocabulary } from '@towerkit/core';
import { encodeCatalog, encodeUsers } from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ArtifactContents, ArtifactFacts } from '../src/index.js';

/** Facts of an artifact of nothing in particular. */
export const facts: ArtifactFacts = {
  kind: 'toy',
  name: 'toy',
  recipe: { epochs: 3 },
  dataset: { name: 'toys', fingerprint: 'f', users: 2, items: 3, interactions: 4 },
  packages: { node: '20' },
  metrics: { 'hr@10': { value: 0.5, low: 0.25, high: 0.75, users: 2 } },
  baselines: {},
  model: { size: 1 },
};

/** Two users and three items, the last of which nobody had in training. */
export const contents: ArtifactContents = {
  ...facts,
  dataset: { name: 'toys', fingerprint: 'f', interactions: 4 },
  users: new Vocabulary(['ann', 'bob']),
  items: new Vocabulary(['mug', 'tea pot', 'lamp']),
  histories: CsrMatrix.fromRows([[1, 0], [1]], 3),
  validation: CsrMatrix.fromRows([[], [2]], 3),
  write: (folder) => writeFile(join(folder, 'model.bin'), 'weights'),
};

/** A catalog that lists the items in another order, lacks the lamp, and has one that is no item. */
export const catalog = encodeCatalog([
  { id: 'hat', title: 'A hat', price: 4, color: 'red' },
  { id: 'tea pot', title: 'Tea pot, "blue"', price: 20, color: 'blue' },
  { id: 'mug', title: null, color: 'white' },
]);

/** A table of users that lacks bob, and has somebody without interactions. */
export const userTable = encodeUsers([
  { id: 'cy', age: '65+', income: 3 },
  { id: 'ann', age: '18-25', income: null },
]);
