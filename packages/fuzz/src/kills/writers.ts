import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Fixtures } from '../fixtures/fixtures.js';
import { HYBRID, SHOP } from '../fixtures/configs.js';
import { LATER_ROWS } from '../fixtures/later-rows.js';

/** A command that writes, as it is killed. */
export interface Writer {
  readonly name: string;
  /** What it writes, in the place it is given: an artifact's folder, or a file. */
  readonly out: string;
  /** Whether what it writes is an artifact. */
  readonly isArtifact: boolean;
  /** The artifacts that {@link prepare} copies. */
  readonly artifacts: readonly string[];
  /** Makes what the command finds. */
  prepare(place: string, fixtures: Fixtures): Promise<void>;
  /** Its command line, run in the place; given again, it must succeed whatever became of it the first time. */
  readonly args: readonly string[];
}

const OUT = 'shop';

const copy = (name: string) => async (place: string, fixtures: Fixtures) =>
  cp(await fixtures.artifact(name), join(place, OUT), { recursive: true });
const config = (text: string) => (place: string) => writeFile(join(place, 'config.mjs'), text);
const both =
  (...steps: Writer['prepare'][]): Writer['prepare'] =>
  async (place, fixtures) => {
    for (const step of steps) await step(place, fixtures);
  };

const training = ['train', '--config', 'config.mjs', '--out', OUT, '--threads', '1'];
const artifact = { out: OUT, isArtifact: true };

/** Every command that writes; those that make something new, and those that replace. */
export const WRITERS: readonly Writer[] = [
  { ...artifact, name: 'train', artifacts: [], prepare: config(SHOP), args: training },
  {
    ...artifact,
    ...{ name: 'train again', artifacts: ['shop'] },
    prepare: both(config(SHOP), copy('shop')),
    args: [...training, '--resume'],
  },
  {
    ...artifact,
    ...{ name: 'baseline again', artifacts: ['shop'] },
    prepare: both(config(SHOP), copy('shop')),
    args: ['baseline', 'als', '--config', 'config.mjs', '--out', OUT, '--threads', '1'],
  },
  { ...artifact, name: 'train hybrid', artifacts: [], prepare: config(HYBRID), args: training },
  {
    ...artifact,
    ...{ name: 'index', artifacts: ['shop'] },
    prepare: copy('shop'),
    args: ['index', '--artifact', OUT, '--driver', 'exact', '--threads', '1'],
  },
  {
    ...artifact,
    ...{ name: 'add-items', artifacts: ['exact'] },
    prepare: both(copy('exact'), (place) =>
      writeFile(
        join(place, 'new.csv'),
        'item_id,title,category,price\nnew-1,A mug,mugs,3\nnew-2,A pot,pots,4\n',
      ),
    ),
    args: ['add-items', '--artifact', OUT, '--items', 'new.csv', '--on-bad-row', 'skip'],
  },
  {
    ...artifact,
    ...{ name: 'update', artifacts: ['shop'] },
    prepare: both(config(SHOP), copy('shop'), (place) => writeFile(join(place, 'new.csv'), LATER_ROWS)),
    args: ['update', '--artifact', OUT, '--data', 'new.csv', '--config', 'config.mjs', '--threads', '1'],
  },
  {
    ...{ name: 'recommend --all', artifacts: ['shop'], out: 'all.csv', isArtifact: false },
    prepare: copy('shop'),
    args: ['recommend', '--artifact', OUT, '--all', '--out', 'all.csv'],
  },
];
