import { readArtifact, type Artifact } from '@towerkit/artifact';
import type { CsrMatrix, Matrix } from '@towerkit/core';
import { textPlaces } from '@towerkit/features';
import {
  Bm25,
  evaluateQueries,
  queryLeakage,
  readJudgments,
  readSearchParts,
  searchFactsOf,
  spellingKey,
  summarize,
  tokensOf,
  type Judgments,
  type QueryLeakage,
  type QueryMetrics,
  type SearchTower,
} from '@towerkit/search';

import { TowerkitError } from '../errors.js';
import type { Metrics } from '../evaluate/reference-scores.js';
import { openMinilm, referenceVectors, type References } from './reference-vectors.js';

/** Options of {@link evaluateSearch}. */
export interface EvaluateSearchOptions {
  /** A file of judgments with the columns that the artifact was trained with; its own held-back queries when absent. */
  readonly targets?: string;
  /** Which of its own. Default `test`. */
  readonly on?: 'validation' | 'test';
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /**
   * Whether LSA and, where `models` is given, MiniLM are measured too, as they are and summed with BM25: `lsa`, `bm25+lsa`,
   * `minilm`, `bm25+minilm`. They encode the whole catalog. Default false.
   */
  readonly references?: boolean;
  readonly threads?: number;
}

/** A search measured on judged queries. */
export interface SearchEvaluation {
  readonly on: 'file' | 'validation' | 'test';
  readonly queries: number;
  /** Judgments of products that the catalog lacks: nothing finds them. */
  readonly unknownProducts: number;
  /** What the queries share with those of training; a product counts as seen where it was judged relevant there. */
  readonly leakage: QueryLeakage;
  /** Of the towers alone. */
  readonly metrics: Metrics;
  /** `bm25`, `hybrid` and `reciprocal-ranks`. */
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** Metrics of towers, BM25 and hybrid by kinds of queries. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, Metrics>>>>;
  /** Metrics of each query by what ranked, for tests of differences. */
  readonly perQuery: Readonly<Record<string, readonly QueryMetrics[]>>;
}

/**
 * Ranks the whole catalog for judged queries.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; `NO_TARGETS` without judged queries; what `readJudgments` throws
 */
export async function evaluateSearch(
  folder: string,
  { targets, on = 'test', threads, models, references: wanted = false }: EvaluateSearchOptions = {},
): Promise<SearchEvaluation> {
  const artifact = await readArtifact(folder);
  const { judgments: how } = searchFactsOf(artifact);
  const parts = await readSearchParts(artifact, { models, threads });
  const judgments = targets
    ? await readJudgments({ ...how, path: targets, products: artifact.items })
    : heldBack(artifact, on);
  const lexical = new Bm25(parts.texts.map(tokensOf), parts.lexical);
  const rows = Int32Array.from({ length: judgments.queries.size }, (_, row) => row).filter(
    (row) => judgments.start[row + 1] > judgments.start[row],
  );
  const asked = Array.from(rows, (row) => judgments.queries.names[row]);
  const vectors = { queries: await encodeAll(parts.tower, asked), products: parts.vectors };
  const references = wanted ? await referencesOf(folder, asked, parts.texts, { models, threads }) : {};
  const ranked = await evaluateQueries({ lexical, vectors, references }, judgments, rows, {
    ...{ relevant: how.relevant, threads, reciprocal: true },
    hybrids: { hybrid: parts.weight },
  });
  const { tower: metrics, ...baselines } = summaries(ranked);
  const trained = trainedOn(artifact);
  return {
    on: targets ? 'file' : on,
    queries: rows.length,
    unknownProducts: judgments.unknown,
    leakage: queryLeakage(judgments, rows, trained, (token) => lexical.has(token)),
    ...{ metrics, baselines, perQuery: ranked },
    groups: Object.fromEntries(
      groupsOf(judgments, rows, how.relevant, trained, lexical).map(([name, places]) => [
        name,
        summaries(
          Object.fromEntries(
            ['tower', 'bm25', 'hybrid', ...Object.keys(references)].map((by) => [
              by,
              places.map((place) => ranked[by][place]),
            ]),
          ),
        ),
      ]),
    ),
  };
}

/** Vectors of queries; what encodes their sentences is given back. */
async function encodeAll(tower: SearchTower, queries: readonly string[]): Promise<Matrix> {
  try {
    return await tower.encode(queries);
  } finally {
    await tower.parts.sentence?.encoder.dispose?.();
  }
}

async function referencesOf(
  artifact: string,
  queries: readonly string[],
  texts: readonly string[],
  { models, threads }: Pick<EvaluateSearchOptions, 'models' | 'threads'>,
): Promise<References> {
  const options = { places: textPlaces(artifact, { models }), seed: 0, threads };
  const minilm = models === undefined ? undefined : await openMinilm(texts, options.places, options);
  try {
    return await referenceVectors(queries, texts, minilm, options);
  } finally {
    await minilm?.dispose?.();
  }
}

const summaries = (ranked: Readonly<Record<string, readonly QueryMetrics[]>>): Record<string, Metrics> =>
  Object.fromEntries(Object.entries(ranked).map(([name, queries]) => [name, summarize(queries)]));

/** The judged queries that an artifact kept apart. */
function heldBack(artifact: Artifact, on: 'validation' | 'test'): Judgments {
  const part = artifact[on];
  if (!part?.values)
    throw new TowerkitError('NO_TARGETS', `${artifact.folder} has no ${on} targets`, {
      hint: 'give judgments with --targets FILE',
    });
  const { indptr, indices, values } = part as Required<CsrMatrix>;
  return {
    queries: artifact.users,
    ...{ start: indptr, products: indices, gains: values },
    ...{ unknown: 0, repeated: 0, skipped: 0 },
  };
}

/** Queries of training, and the products judged relevant there. */
function trainedOn({ users, histories, items }: Artifact) {
  const products = new Uint8Array(items.size);
  for (const item of histories.indices) products[item] = 1;
  const queries = users.names.filter((_, user) => histories.indptr[user + 1] > histories.indptr[user]);
  return { queries, products };
}

/** Places of queries by kind; kinds without a query are absent. */
function groupsOf(
  { queries, start, products, gains }: Judgments,
  rows: Int32Array,
  relevant: number,
  trained: { readonly queries: readonly string[]; readonly products: Uint8Array },
  lexical: Bm25,
): [string, number[]][] {
  const words = new Set(trained.queries.flatMap((query) => spellingKey(query).split(' ')));
  const kinds: Record<string, (row: number, tokens: readonly string[]) => boolean> = {
    '1 or 2 words': (_, tokens) => tokens.length <= 2,
    '3 or 4 words': (_, tokens) => tokens.length === 3 || tokens.length === 4,
    '5 words or more': (_, tokens) => tokens.length >= 5,
    'with a number': (_, tokens) => tokens.some((token) => /\p{N}/u.test(token)),
    'with a word that no query of training has': (_, tokens) => tokens.some((token) => !words.has(token)),
    'with a word that no product has': (_, tokens) => tokens.some((token) => !lexical.has(token)),
    'relevant products are new': (row) => {
      const own = Array.from(products.subarray(start[row], start[row + 1])).filter(
        (product, at) => product >= 0 && gains[start[row] + at] >= relevant,
      );
      return own.length > 0 && own.every((product) => trained.products[product] === 0);
    },
  };
  return Object.entries(kinds).flatMap(([name, holds]): [string, number[]][] => {
    const places = Array.from(rows.keys()).filter((place) =>
      holds(rows[place], tokensOf(queries.names[rows[place]])),
    );
    return places.length > 0 ? [[name, places]] : [];
  });
}
