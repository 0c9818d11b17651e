import { Matrix } from '@towerkit/core';
import { loadIndex } from '@towerkit/retrieval';
import { join } from 'node:path';

import { sealIndex, tamper } from '../generate/tampering.js';
import { WrongAnswer } from '../victim/protocol.js';
import type { TamperedCase } from './tampered.js';

const QUERIES = 8;
const K = 5;

/** Loads a changed index, searches it, adds to it and removes from it. */
export async function searchIndex(
  { artifact, tampering }: TamperedCase,
  folder: string,
  fixtures: string,
): Promise<void> {
  const path = join(folder, 'index');
  await tamper(join(fixtures, artifact, 'index'), path, tampering);
  if (tampering.sealed) await sealIndex(path);
  const index = await loadIndex(path, { threads: 1 });
  try {
    const { dimensions } = index;
    if (dimensions > 65_536) throw new WrongAnswer(`an index of ${dimensions} dimensions was accepted`);
    const queries = new Matrix(
      QUERIES,
      dimensions,
      Float32Array.from({ length: QUERIES * dimensions }, (_, at) => Math.sin(at)),
    );
    const search = async () => {
      for (const { ids, scores } of await index.searchBatch(queries, K, { filter: { deny: [1, 2] } })) {
        if (ids.includes(1) || ids.includes(2)) throw new WrongAnswer('an id that was denied');
        if (!scores.every(Number.isFinite)) throw new WrongAnswer('a score that is no finite number');
        if (!ids.every(Number.isSafeInteger)) throw new WrongAnswer('an id that is none');
      }
    };
    await search();
    await index.add(new Matrix(1, dimensions, new Float32Array(dimensions).fill(0.5)), { ids: [12_345] });
    await index.remove([0]);
    await search();
  } finally {
    await index.close();
  }
}
