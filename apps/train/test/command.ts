import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const BIN = join(import.meta.dirname, '../bin/towerkit.mjs');

/** What a command that ended left behind. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real command in a folder. */
export function start(
  args: readonly string[],
  cwd: string,
  settings: Readonly<Record<string, string>> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const env = { ...process.env, NODE_OPTIONS: '', ...settings };
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<Ended>((resolve, reject) =>
    child.on('error', reject).on('close', (status) => resolve({ status, ...text })),
  );
  return { child, ended };
}

/** Runs the real command in a folder. */
export const towerkit = (args: readonly string[], cwd: string): Promise<Ended> => start(args, cwd).ended;

/** The last line of stdout as JSON. */
export const lastLine = ({ stdout }: Ended) => JSON.parse(stdout.trimEnd().split('\n').at(-1)!);

/** A folder of its own for a test file, outside the repository and without packages. */
export const workFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'towerkit-'));

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** Everything below a folder, sorted. */
export const filesIn = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

export const USERS = 60;
export const ITEMS = 40;
const LENGTH = 8;

/** People who walk around a ring of items, each from their own place: what comes next is easy to learn. */
export function interactionLines(): string[] {
  const lines = ['who,what,when'];
  for (let user = 0; user < USERS; user++)
    for (let step = 0, at = user; step < LENGTH; step++, at += 1 + ((user + step) % 2))
      lines.push(`u${user},i${at % ITEMS},${step}`);
  return lines;
}

/** Writes `ring/interactions.csv` and `ring/items.csv`, and `ring.mjs`, a config for them. */
export async function writeRing(folder: string, settings: Record<string, unknown> = {}): Promise<void> {
  await mkdir(join(folder, 'ring'), { recursive: true });
  await writeFile(join(folder, 'ring/interactions.csv'), `${interactionLines().join('\n')}\n`);
  const items = Array.from(
    { length: ITEMS },
    (_, i) => `i${i},Item ${i},${i % 4 ? `kind${i % 4}` : ''},${i % 5 ? i : ''}`,
  );
  await writeFile(join(folder, 'ring/items.csv'), `id,title,kind,price\n${items.join('\n')}\n`);
  await writeFile(join(folder, 'ring.mjs'), ringConfig(settings));
}

/** The text of a config for the ring. */
export const ringConfig = (settings: Record<string, unknown> = {}) => `
import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'ring',
  data: {
    path: 'ring',
    dataset: {
      file: 'interactions.csv',
      columns: { user: 'who', item: 'what', time: 'when' },
      catalog: { file: 'items.csv', columns: { id: 'id', title: 'title', kind: 'kind', price: 'price' } },
    },
    features: { categories: { kind: {} }, numeric: { price: { transform: 'log1p' } } },
  },
  model: ({ numeric }) => twoTower({
    item: itemTower({ dimensions: 8, categories: { kind: 4 }, numeric }),
    user: gruTower({ dimensions: 8 }),
  }),
  batchSize: 64,
  negatives: [{ kind: 'uniform', count: 20 }],
  optimizer: { learningRate: 0.02, schedule: 'constant', tables: { learningRate: 0.02 } },
  epochs: 4,
  threads: 1,
  ...${JSON.stringify(settings)},
});
`;
