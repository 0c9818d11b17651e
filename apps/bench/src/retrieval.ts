/**
 * Vector search beside faiss-node and hnswlib-node in one run: one query at a time from JavaScript, batches on two
 * threads, filters, a million vectors, and a plot of recall against latency.
 *
 *     node dist/retrieval.js [--shared FOLDER] [--parts latency,batch,filters,curves,million] [--queries 500] [--rounds 3]
 *         [--work FOLDER] [--svg FILE] [--json FILE] [--postgres URL] [--milvus URL]
 *
 * TOWERKIT_FAISS and TOWERKIT_HNSWLIB name folders in which faiss-node and hnswlib-node are installed and compiled; what
 * is not there is left out. Each part runs in a process of its own, in which FAISS has one thread, or two for batches and
 * builds. `--work` keeps the million's indexes between runs.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { print } from './arguments.js';
import { args, type Args } from './retrieval/args.js';
import { machine } from './machine.js';
import { batches } from './retrieval/part-batch.js';
import { curves } from './retrieval/part-curves.js';
import { filters } from './retrieval/part-filters.js';
import { latencies } from './retrieval/part-latency.js';
import { buildFaissMillion, buildOurMillion, million } from './retrieval/part-million.js';

/** A part of the report, and the threads that FAISS has in its process. */
const PARTS: Record<string, { run: (args: Args) => Promise<unknown>; threads: number }> = {
  latency: { run: latencies, threads: 1 },
  batch: { run: batches, threads: 2 },
  filters: { run: filters, threads: 1 },
  curves: { run: curves, threads: 1 },
  'million-ivf': { run: (all) => buildOurMillion(all, 'ivf'), threads: 2 },
  'million-hnsw': { run: (all) => buildOurMillion(all, 'hnsw'), threads: 2 },
  'million-faiss': { run: buildFaissMillion, threads: 2 },
  million: { run: million, threads: 1 },
};

if (args.part !== '') writeFileSync(args.out, JSON.stringify((await PARTS[args.part].run(args)) ?? null));
else {
  print(`${machine()}; load ${loadavg()[0].toFixed(1)}`);
  const own = mkdtempSync(join(tmpdir(), 'towerkit-retrieval-'));
  try {
    const out = join(own, 'part.json');
    const results: Record<string, unknown> = { machine: machine() };
    const names = args.parts
      .split(',')
      .flatMap((name) =>
        name === 'million' ? ['million-ivf', 'million-hnsw', 'million-faiss', name] : [name],
      );
    for (const part of names) {
      const threads = String(PARTS[part].threads);
      const all = { ...args, work: args.work || own, json: '', part, out };
      execFileSync(
        process.execPath,
        [process.argv[1], ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)],
        {
          stdio: 'inherit',
          env: { ...process.env, OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads },
        },
      );
      results[part] = JSON.parse(readFileSync(out, 'utf8'));
    }
    if (args.json !== '') writeFileSync(args.json, JSON.stringify(results, null, 2));
  } finally {
    rmSync(own, { recursive: true });
  }
}
