/**
 * One query of a search end to end, from a string to ten titles: p50 and p99 of the whole and of its parts, in turns, beside the
 * index alone, BM25 alone, and MiniLM alone where its weights are given. With `--python` the same queries run in Python in the same
 * turn: MiniLM by onnxruntime and a flat index of faiss, over as many vectors of as many components.
 *
 *     node dist/search-speed.js --artifact ARTIFACT [--models FOLDER] [--queries 500] [--rounds 3] [--threads 1] [--python python3]
 */
import { readArtifact } from '@towerkit/artifact';
import { openArtifact } from '@towerkit/recommend';
import { Bm25, readSearchParts, SearchModel, searchKind, tokensOf } from '@towerkit/search';

import { minilm } from '@towerkit/text';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({ artifact: '', models: '', queries: '500', rounds: '3', threads: '1', python: '' });
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
const encoder = args.models === '' ? undefined : await minilm({ models: args.models, threads: 1 });
const vectors = await parts.tower.encode(queries);

/** Each way once for each query, one way after the other, so that load falls on all alike. */
const WAYS: Record<string, (query: string, at: number) => Promise<unknown>> = {
  'end to end': async (text) => {
    const { items } = await engine.search({ content: { text }, k: 10 });
    return items.map((item) => titles?.[item]);
  },
  'search without titles': (query) => model.search(query, 10),
  'index alone': (_, at) => model.index.search(vectors.row(at), 200),
  'words, features, vector': (query) => parts.tower.encode([query]),
  ...(encoder && { 'MiniLM alone': (query: string) => encoder.encode([query]) }),
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
for (const [name, taken] of Object.entries(times)) report(name, taken);
const median = (name: string) => times[name][times[name].length >> 1];
print(`end to end / index alone: ${(median('end to end') / median('index alone')).toFixed(2)}`);
if (sentence && encoder)
  print(`end to end / MiniLM alone: ${(median('end to end') / median('MiniLM alone')).toFixed(2)}`);
if (args.python !== '') inPython();
await encoder?.dispose?.();
await model.close();
await dispose();

/** p50 and p99 of microseconds. */
function report(name: string, taken: number[]): void {
  taken.sort((a, b) => a - b);
  const at = (share: number) => taken[Math.floor(share * (taken.length - 1))].toFixed(0);
  print(`${name.padEnd(26)} p50 ${at(0.5).padStart(7)} us   p99 ${at(0.99).padStart(7)} us`);
}

/** The same queries in Python. */
function inPython(): void {
  const folder = mkdtempSync(join(tmpdir(), 'search-speed-'));
  const at = (name: string) => join(folder, name);
  try {
    writeFileSync(at('queries.json'), JSON.stringify(queries));
    const { data } = parts.vectors;
    writeFileSync(at('vectors.f32'), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const peer = fileURLToPath(new URL('../peers/search_speed.py', import.meta.url));
    const places = [
      join(args.models, 'all-MiniLM-L6-v2'),
      at('queries.json'),
      at('vectors.f32'),
      at('out.json'),
    ];
    execFileSync(args.python, [peer, ...places, args.rounds], { stdio: 'inherit' });
    const out = JSON.parse(readFileSync(at('out.json'), 'utf8')) as {
      times: Record<string, number[]>;
      built: number;
      versions: string;
    };
    print(`Python: ${out.versions}; index filled in ${out.built.toFixed(1)} s`);
    for (const [name, taken] of Object.entries(out.times)) report(name, taken);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function open() {
  const artifact = await openArtifact(args.artifact, { ...options, kinds: [searchKind] });
  return { engine: artifact.engine, titles: artifact.titles, dispose: () => artifact.dispose() };
}
