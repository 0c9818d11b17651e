import { saveArtifact } from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import { saveEncoders } from '@towerkit/features';
import {
  SENTENCES,
  writeSearchFiles,
  type QueryLeakage,
  type QuerySplit,
  type SearchConfig,
} from '@towerkit/search';
import type { FittedSearch } from '@towerkit/search/fit';
import type { LsaEncoder, TextEncoder } from '@towerkit/text';

import type { ResolvedConfig } from '../config/schema.js';
import type { Metrics } from '../evaluate/reference-scores.js';
import { packageVersions } from '../save/packages.js';
import type { LocatedSearch } from './locate-search.js';
import { logOf, type SearchSet } from './read-search.js';

/** A config with the key `search`. */
export type SearchRun = ResolvedConfig & { readonly search: SearchConfig };

/** What a search is saved from. */
export interface SavedSearch {
  readonly located: LocatedSearch;
  readonly config: SearchRun;
  readonly set: SearchSet;
  readonly split: QuerySplit;
  readonly fitted: FittedSearch;
  readonly leakage: QueryLeakage;
  /** Of the towers, and of what stands beside them, on the queries held back. */
  readonly metrics: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** What the towers read sentences with, where they do. */
  readonly sentences: TextEncoder | LsaEncoder | undefined;
}

/**
 * Writes a trained search as an artifact, in which a user is a query, and its history what was judged relevant to it.
 *
 * @throws TowerkitError what `saveArtifact` throws
 */
export async function saveSearch(
  artifact: string,
  { located, config, set, split, fitted, leakage, sentences, metrics, baselines }: SavedSearch,
): Promise<void> {
  const {
    name,
    judgments: { columns, labels, relevant },
    products,
  } = located;
  const { judgments, catalog, fingerprint } = set;
  const { items } = catalog;
  const log = logOf(judgments, items);
  const part = (queries: Int32Array, least: number) => {
    const wanted = new Set(queries);
    const rows = Int32Array.from(log.user.keys()).filter(
      (row) => wanted.has(log.user[row]) && log.rating[row] >= least,
    );
    const of = <T extends Int32Array | Float32Array>(values: T) => rows.map((row) => values[row]);
    return CsrMatrix.fromPairs(
      log.users.size,
      items.size,
      of(log.user),
      of(log.item),
      Float32Array.from(rows, (row) => log.rating[row]),
    );
  };
  const train = part(split.train, relevant);
  await saveArtifact(artifact, {
    kind: 'search',
    name: config.name,
    recipe: JSON.parse(
      JSON.stringify({
        ...config,
        data: { ...config.data, path: undefined, dataset: config.data.dataset ?? name },
      }),
    ) as Record<string, unknown>,
    dataset: { name, fingerprint, interactions: log.user.length },
    packages: packageVersions(),
    users: log.users,
    items,
    catalog,
    histories: new CsrMatrix(train.rows, train.cols, train.indptr, train.indices),
    validation: part(split.validation, 0),
    test: part(split.test, 0),
    metrics,
    baselines,
    model: {
      version: 1,
      text: config.search.text,
      features: fitted.tower.parts.bag.features.options,
      layers: config.search.tower.layers,
      inputs: fitted.inputs,
      ...(sentences && { sentence: sentenceOf(config.search, sentences) }),
      lexical: config.search.lexical,
      weight: fitted.weight,
      scale: 'query-length',
      judgments: { columns, labels, relevant },
      products: { columns: products.columns },
      best: fitted.best,
      epochs: fitted.epochs.map(({ loss, ...epoch }) => ({
        ...epoch,
        loss: Number.isFinite(loss) ? loss : null,
      })),
      leakage,
    },
    write: async (into) => {
      await writeSearchFiles(into, fitted);
      if (sentences && 'save' in sentences) await saveEncoders(into, { [SENTENCES]: sentences });
    },
  });
}

/** What the towers read sentences with, as the artifact keeps it. */
const sentenceOf = (
  { text, tower: { encoder, share } }: SearchConfig,
  { dimensions, fingerprint }: TextEncoder,
) => ({
  encoding: { kind: 'text', columns: text, encoder, dimensions, fingerprint },
  share,
});
