/**
 * One query of a search end to end, from a string to ten titles: p50 and p99 of the whole and of its parts, in turns, beside the
 * index alone and, where the towers read sentences, the encoder alone.
 *
 *     node dist/search-speed.js --artifact ARTIFACT [--models FOLDER] [--queries 500] [--rounds 3] [--threads 1]
 */
import { readArtifact } from '@towerkit/artifact';
import { openArtifact } from '@towerkit/recommend';
import { Bm25, readSearchParts, SearchModel, searchKind, tokensOf } from '@towerkit/search';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({ artifact: '', models: '', queries: '500', rounds: '3', threads: '1' });
const options = { threads: Number(args.threads), ...(args.models !== '' && { models: args.models }) };
print(machine());
const { users, test } = await readArtifact(args.artifact);
const held = users.names.filter((_, query) => test && test.indptr[query + 1] > test.indptr[query]);
const queries = held.slice(0, Number(args.queries));

const opened = performance.now();
const parts = await readSearchParts(args.artifact, options);
const read = performance.now();
const model = await SearchModel.of(parts, options);
const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
print(
  `${model.size} products: read in ${seconds(opened, read)} s, indexed (words and vectors) in ${seconds(read, performance.now())} s`,
);
const { engine, titles, dispose } = await open();
const words = new Bm25(parts.texts.map(tokensOf), parts.lexical);
const { sentence } = parts.tower.parts;
const vectors = await parts.tower.encode(queries);

/** Each way once for each query, one way after the other, so that load falls on all alike. */
const WAYS: Record<string, (query: string, at: number) => Promise<unknown>> = {
  'end to end': async (text) => {
    const { items } = await engine.search({ content: { text }, k: 10 });
    return items.map((item) => titles?.[item]);
  },
  'index alone': (_, at) => model.index.search(vectors.row(at), 200),
  'words, features, vector': (query) => parts.tower.encode([query]),
  ...(sentence && { 'encoder alone': (query: string) => sentence.encoder.encode([query]) }),
  'BM25 alone': (query) => Promise.resolve(words.score(tokensOf(query)).count),
};
const times = Object.fromEntries(Object.keys(WAYS).map((name) => [name, [] as number[]]));
for (let round = 0; round <= Number(args.rounds); round++)
  for (const [at, query] of queries.entries())
    for (const [name, run] of Object.entries(WAYS)) {
      const started = performance.now();
      await run(query, at);
      if (round > 0) times[name].push(1000 * (performance.now() - started)); // the first round warms up
    }
for (const [name, taken] of Object.entries(times)) {
  taken.sort((a, b) => a - b);
  const at = (share: number) => taken[Math.floor(share * (taken.length - 1))].toFixed(0);
  print(`${name.padEnd(26)} p50 ${at(0.5).padStart(7)} us   p99 ${at(0.99).padStart(7)} us`);
}
const median = (name: string) => times[name][times[name].length >> 1];
print(`end to end / index alone: ${(median('end to end') / median('index alone')).toFixed(2)}`);
if (sentence)
  print(`end to end / encoder alone: ${(median('end to end') / median('encoder alone')).toFixed(2)}`);
await model.close();
await dispose();

async function open() {
  const artifact = await openArtifact(args.artifact, { ...options, kinds: [searchKind] });
  return { engine: artifact.engine, titles: artifact.titles, dispose: () => artifact.dispose() };
}
