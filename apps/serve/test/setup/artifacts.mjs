// Trains the small artifacts that the tests serve, once for all of them. TOWERKIT_SERVE_ARTIFACTS may name a folder of
// an earlier run, which is then used and kept.
import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BIN = fileURLToPath(new URL('../../node_modules/towerkit/bin/towerkit.mjs', import.meta.url));
const run = promisify(execFile);

const PLAIN = `{
  item: itemTower({ dimensions: 16, categories: { category: 4 } }),
  user: gruTower({ dimensions: 16 }),
}`;
const GATED = `{
  item: gatedTower({ dimensions: 16, inputs: {
    id: { kind: 'embedding', of: 'id', dimensions: 16 },
    category: { kind: 'embedding', of: 'category', dimensions: 4 },
    price: { kind: 'feature', of: 'price', dimensions: numeric.price },
    title: { kind: 'feature', of: 'title', dimensions: content.title },
  } }),
  user: gatedTower({ dimensions: 16, inputs: { history: { kind: 'history', dimensions: 16 } } }),
}`;

const tower = (text, { users, items } = { users: 300, items: 150 }) => `
import { defineConfig, gatedTower, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'tiny',
  data: {
    generate: { users: ${users}, items: ${items} },
    features: {
      categories: { category: {} },
      numeric: ${text ? "{ price: { transform: 'log1p' } }" : '{}'},
      text: ${text ? "{ title: { encoder: { kind: 'lsa', dimensions: 16 } } }" : '{}'},
    },
  },
  model: ({ content, numeric }) =>
    twoTower({ ...${text ? GATED : PLAIN}, idDropout: 0.1 }),
  batchSize: 256,
  negatives: [{ kind: 'uniform', count: 128 }],
  epochs: 1,
  examples: 0,
});
`;

const HYBRID = `
import { defineConfig } from 'towerkit';
export default defineConfig({
  name: 'hybrid',
  data: { generate: { users: 300, items: 150 } },
  hybrid: {
    encoder: { kind: 'lsa', dimensions: 64 },
    als: { factors: 8 },
    head: 'dot',
    latest: 1,
    rating: { epochs: 1, batchSize: 64 },
    ranking: { epochs: 2, batchSize: 64 },
  },
});
`;

export default async function make() {
  if (process.env.TOWERKIT_SERVE_ARTIFACTS) return;
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-serve-'));
  const plain = join(folder, 'plain.ts');
  const text = join(folder, 'text.ts');
  const large = join(folder, 'large.ts');
  await writeFile(plain, tower(false));
  await writeFile(text, tower(true));
  // Enough items that an index is worth more than a scan.
  await writeFile(large, tower(false, { users: 2000, items: 5000 }));
  const hybrid = join(folder, 'hybrid.ts');
  await writeFile(hybrid, HYBRID);
  const towerkit = (...args) => run(process.execPath, [BIN, ...args], { cwd: folder });
  const train = (config, out, seed) =>
    towerkit('train', '--config', config, '--out', join(folder, out), '--seed', seed, '--threads', '1');
  await Promise.all([
    train(plain, 'tower', '1').then(() => train(plain, 'tower-2', '2')),
    train(large, 'large', '5'),
    train(text, 'text', '3').then(() => train(hybrid, 'hybrid', '4')),
    (async () => {
      for (const name of ['popularity', 'als'])
        await towerkit('baseline', name, '--config', plain, '--out', join(folder, name), '--threads', '1');
    })(),
  ]);
  process.env.TOWERKIT_SERVE_ARTIFACTS = folder;
  globalThis.towerkitServeArtifacts = folder;
}
