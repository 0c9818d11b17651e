import { encodeInteractions } from '@towerkit/data';
import { openArtifact, type OpenArtifact } from '@towerkit/recommend';

import {
  checkConfig,
  modelKinds,
  prepare,
  trainBaseline,
  type BaselineName,
  type Config,
  type MemoryDataset,
} from '../src/index.js';

/** Who had what, in this order. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** Rows as arrays, by time. */
export function arraysOf(rows: Rows): { user: string[]; item: string[]; time: number[] } {
  const flat = Object.entries(rows).flatMap(([user, items]) =>
    items.map((item, time) => ({ user, item, time })),
  );
  return {
    user: flat.map(({ user }) => user),
    item: flat.map(({ item }) => item),
    time: flat.map(({ time }) => time),
  };
}

export const datasetOf = (rows: Rows): MemoryDataset => ({
  name: 'by hand',
  log: encodeInteractions(arraysOf(rows)),
});

/** Fits a baseline on rows in memory and saves it. */
export async function saveBaseline(
  folder: string,
  name: BaselineName,
  rows: Rows,
  config: Partial<Config> = {},
): Promise<void> {
  const resolved = checkConfig({ name: 'by-hand', threads: 1, ...config });
  const trained = await trainBaseline(name, await prepare(datasetOf(rows), resolved), resolved);
  await trained.save(folder);
  await trained.model.dispose?.();
}

export const open = (folder: string): Promise<OpenArtifact> =>
  openArtifact(folder, { kinds: modelKinds, threads: 1 });

/** Opens an artifact for one use. */
export async function opened<T>(folder: string, use: (artifact: OpenArtifact) => Promise<T>): Promise<T> {
  const artifact = await open(folder);
  try {
    return await use(artifact);
  } finally {
    await artifact.dispose();
  }
}

const KINDS = ['tea', 'lamp', 'novel', 'ball'];
const WORDS = ['red', 'old', 'small', 'warm', 'bright', 'plain'];

/** Twenty-four items of four kinds; a price is missing here and there. */
export const shopItems = Array.from({ length: 24 }, (_, item) => {
  const [kind, word] = [KINDS[item % 4], WORDS[item >> 2]];
  return {
    id: `i${item}`,
    title: `${word} ${kind} ${WORDS[(item * 5 + 1) % 6]}`,
    kind,
    price: item % 6 === 4 ? null : 1 + (item % 5),
  };
});

/** Forty users who take things of one kind, one after the other. */
export const shopRows: Rows = Object.fromEntries(
  Array.from({ length: 40 }, (_, user) => [
    `u${user}`,
    Array.from({ length: 5 }, (_, step) => `i${(user % 4) + 4 * ((user + step) % 6)}`),
  ]),
);
