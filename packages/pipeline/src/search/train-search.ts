import { holdArtifact } from '@towerkit/artifact';
import type { OnProgress } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { textPlaces } from '@towerkit/features';
import {
  Bm25,
  evaluateQueries,
  queryLeakage,
  splitQueries,
  summarize,
  tokensOf,
  type Judgments,
  type QueryLeakage,
} from '@towerkit/search';
import { fitSearch, type SearchEpoch } from '@towerkit/search/fit';

import type { Metrics } from '../evaluate/reference-scores.js';
import type { LocatedSearch } from './locate-search.js';
import { readSearch, type SearchSet } from './read-search.js';
import { openEncoders, referenceVectors } from './reference-vectors.js';
import { saveSearch, type SearchRun } from './save-search.js';

/** Options of {@link trainSearch}. */
export interface TrainSearchOptions {
  /** Folder of local text models; the hub when absent. MiniLM is measured beside the towers where it is given or read. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Told in a line or two what was read, and what each epoch came to. */
  readonly onNote?: (text: string) => void;
}

/** A trained search's figures on the queries held back; the model is in the artifact. */
export interface TrainedSearch {
  /** Queries held back for the figures. */
  readonly queries: number;
  /** Of the towers alone. */
  readonly metrics: Metrics;
  /** `bm25`, `hybrid`, `reciprocal-ranks`, `lsa`, `bm25+lsa`; with MiniLM also `minilm` and `bm25+minilm`. */
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** What a cosine of the tower counts beside BM25 at a query length of 1, in the hybrid. */
  readonly weight: number;
  readonly epochs: readonly SearchEpoch[];
  /** The epoch that was kept. */
  readonly best: number;
  readonly leakage: QueryLeakage;
  readonly seconds: number;
}

/**
 * Trains a search: reads products and judgments, splits the queries, fits, evaluates on the queries held back, and saves. In the
 * artifact a user is a query, and its history what was judged relevant to it.
 *
 * @param artifact the folder that the artifact is written to
 * @throws TowerkitError `LOCKED`, `FOLDER_IN_USE`; what reading and fitting throw; the signal's reason when it was stopped
 */
export function trainSearch(
  located: LocatedSearch,
  config: SearchRun,
  artifact: string,
  options: TrainSearchOptions = {},
): Promise<TrainedSearch> {
  return holdArtifact(artifact, () => train(located, config, artifact, options));
}

async function train(
  located: LocatedSearch,
  config: SearchRun,
  artifact: string,
  { onNote, models, ...fit }: TrainSearchOptions,
): Promise<TrainedSearch> {
  const started = performance.now();
  const { search, seed, threads, data } = config;
  const set = await readSearch(located, search, { onBadRow: data.onBadRow });
  const { judgments, texts, products } = set;
  const split = splitQueries(judgments.queries.names, search.heldBack, seed);
  const lexical = new Bm25(texts.map(tokensOf), search.lexical);
  const trained = {
    queries: Array.from(split.train, (query) => judgments.queries.names[query]),
    products: trainedProducts(judgments, split.train, texts.length),
  };
  const leakage = queryLeakage(judgments, split.test, trained, (token) => lexical.has(token));
  onNote?.(describeSet(located.name, set, leakage));
  const made = { places: textPlaces(artifact, { models }), seed, threads, onProgress: fit.onProgress };
  const { sentences, minilm, close } = await openEncoders(search.tower.encoder, texts, made);
  const engine = await createEngine({
    kind: config.engine,
    threads,
    executionProviders: config.executionProviders,
  });
  try {
    const { relevant } = located.judgments;
    const fitted = await fitSearch(
      { texts, judgments, split, products },
      {
        ...{ search, relevant, seed, engine, threads, sentences, ...fit },
        onEpochEnd: (epoch) => onNote?.(describeEpoch(epoch)),
      },
    );
    const asked = Array.from(split.test, (query) => judgments.queries.names[query]);
    const references = await referenceVectors(asked, texts, minilm, made);
    const vectors = { queries: await fitted.tower.encode(asked), products: fitted.vectors };
    const ranked = await evaluateQueries({ lexical, vectors, references }, judgments, split.test, {
      ...{ relevant, threads, reciprocal: true },
      hybrids: { hybrid: fitted.weight },
    });
    const { tower, ...others } = Object.fromEntries(
      Object.entries(ranked).map(([name, queries]) => [name, summarize(queries)]),
    );
    const result = { metrics: tower, baselines: others };
    await saveSearch(artifact, { located, config, set, split, fitted, leakage, sentences, ...result });
    const { weight, epochs, best } = fitted;
    const seconds = (performance.now() - started) / 1000;
    return { queries: split.test.length, ...result, ...{ weight, epochs, best, leakage, seconds } };
  } finally {
    await engine.dispose();
    await close();
  }
}

const count = (value: number) => value.toLocaleString('en');

function describeSet(name: string, { judgments, texts }: SearchSet, leakage: QueryLeakage): string {
  const { queries, gains, unknown, skipped } = judgments;
  const left = [
    ...(unknown > 0 ? [`${count(unknown)} judgments are of products that the catalog lacks`] : []),
    ...(skipped > 0 ? [`${count(skipped)} unusable rows skipped`] : []),
  ];
  return (
    [
      `${name}: ${count(gains.length)} judgments of ${count(queries.size)} queries, ${count(texts.length)} products`,
      ...left,
    ].join('; ') +
    `\n${count(leakage.queries)} queries are held back, none in training in any spelling; of their ${count(leakage.products)} ` +
    `products ${count(leakage.unseenProducts)} stand in no judgment of training`
  );
}

const describeEpoch = ({ epoch, loss, value }: SearchEpoch): string =>
  `${epoch === 0 ? 'before training' : `epoch ${epoch}: loss ${loss.toFixed(4)}`}, recall and MRR on validation ${value.toFixed(4)}`;

/** Whether each product stands in a judgment of training. */
function trainedProducts({ start, products }: Judgments, queries: Int32Array, count: number): Uint8Array {
  const trained = new Uint8Array(count);
  for (const query of queries)
    for (let row = start[query]; row < start[query + 1]; row++)
      if (products[row] >= 0) trained[products[row]] = 1;
  return trained;
}
