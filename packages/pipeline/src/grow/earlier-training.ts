import { verifyArtifact, type Artifact, type VerifiedArtifact } from '@towerkit/artifact';
import type { TwoTowerFacts } from '@towerkit/recommend';
import { createHash } from 'node:crypto';

import type { ResolvedConfig } from '../config/schema.js';
import { TowerkitError } from '../errors.js';

/** @throws TowerkitError `OTHER_MODEL` for an artifact that holds something else */
export async function twoTowerAt(folder: string): Promise<VerifiedArtifact> {
  const verified = await verifyArtifact(folder);
  const { kind } = verified.manifest;
  if (kind === 'two-tower') return verified;
  throw new TowerkitError(
    'OTHER_MODEL',
    `${folder} holds a model of the kind ${kind}, which is fitted anew`,
    {
      hint: 'only a two-tower is trained further; fit this one again on all rows',
      details: { kind },
    },
  );
}

/**
 * Refuses what an update would lose or not learn: what rows count as, moments, vectors of files, and a teacher.
 *
 * @throws TowerkitError `OTHER_MODEL`
 */
export function requirePlain(
  { folder, feedback }: Artifact,
  { features, userFeatures, momentFeatures }: TwoTowerFacts,
  { distill, targets }: Pick<ResolvedConfig, 'distill' | 'targets'>,
): void {
  const encodings = [...Object.values(features), ...Object.values(userFeatures)];
  const found = [
    [feedback !== undefined, 'kinds, weights or dislikes of rows'],
    [Object.keys(momentFeatures).length > 0, 'moments'],
    [encodings.some(({ kind }) => kind === 'vector'), 'vectors of files'],
    [distill !== undefined, 'a teacher'],
    [targets !== undefined, 'chosen targets'],
  ] as const;
  const what = found.find(([isThere]) => isThere)?.[1];
  if (what === undefined) return;
  throw new TowerkitError(
    'OTHER_MODEL',
    `${folder} was trained with ${what}, which an update does not learn`,
    {
      hint: 'train it again on all rows',
      details: { what },
    },
  );
}

/** An update that an artifact has had. */
export interface Update {
  /** Fingerprint of its rows. */
  readonly rows: string;
}

/** Updates that the artifact has had. */
export function updatesOf({ manifest }: Artifact): readonly Update[] {
  const { updates } = manifest.model;
  return Array.isArray(updates) ? (updates as Update[]) : [];
}

/** What stands for rows and others behind them. */
export const chained = (...fingerprints: readonly string[]): string =>
  createHash('sha256').update(fingerprints.join('\n')).digest('hex');
