import { versionOf } from '@towerkit/artifact';
import { copyFile, cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { filesBelow, sealArtifact } from '../generate/tampering.js';
import type { Draws } from './random.js';

/** What lies in the place of the served artifact, since when. */
interface Lying {
  readonly version: string;
  /** Milliseconds since the start; of when it was whole. */
  readonly since: number;
}

/** Ways in which an artifact does not hold. */
const FAULTS = ['cut', 'manifest', 'parser', 'values', 'kind'] as const;

/** The place of a served artifact, which good, bad and torn ones come to. A link that moves, as operators do it. */
export class Place {
  readonly #lain: Lying[] = [];
  #number = 0;

  /** @param good folders of artifacts that hold */
  constructor(
    readonly folder: string,
    readonly good: readonly string[],
    readonly now: () => number,
  ) {}

  get path(): string {
    return join(this.folder, 'served');
  }

  /** Puts a whole copy there at once. */
  async swap(from: string): Promise<void> {
    const copy = this.#next();
    await cp(from, copy, { recursive: true });
    await this.#point(copy);
    this.#lain.push({ version: await versionOf(copy), since: this.now() });
  }

  /** Puts one there that must be refused. @returns in which way it is bad */
  async swapBad(draws: Draws): Promise<string> {
    const copy = this.#next();
    await cp(draws.one(this.good), copy, { recursive: true });
    const fault = draws.one(FAULTS);
    await spoil(copy, fault);
    await this.#point(copy);
    return fault;
  }

  /** Lets one come file by file, the manifest first, as copying tools do; `whole` says whether all files arrive. */
  async tear(from: string, draws: Draws, whole: boolean): Promise<void> {
    const copy = this.#next();
    await mkdir(copy);
    await this.#point(copy);
    const names = (await filesBelow(from)).sort(
      (a, b) => Number(b === 'manifest.json') - Number(a === 'manifest.json'),
    );
    const arriving = whole ? names : names.slice(0, 1 + draws.below(names.length - 1));
    for (const name of arriving) {
      await mkdir(dirname(join(copy, name)), { recursive: true });
      const bytes = await readFile(join(from, name));
      await writeFile(join(copy, name), bytes.subarray(0, bytes.length >> 1));
      await sleep(draws.between(0, 150));
      await copyFile(join(from, name), join(copy, name));
      await sleep(draws.between(0, 400));
    }
    if (whole) this.#lain.push({ version: await versionOf(copy), since: this.now() });
  }

  /** Whether an answer of this version may come at that time: it was whole there by then. */
  held(version: string, at: number): boolean {
    return this.#lain.some((one) => one.version === version && one.since <= at + SLACK);
  }

  /** The version that must answer by now, where it has lain there for so long undisturbed. */
  get latest(): Lying | undefined {
    return this.#lain.at(-1);
  }

  #next(): string {
    return join(this.folder, `copy-${this.#number++}`);
  }

  async #point(to: string): Promise<void> {
    const link = `${this.path}.next`;
    await symlink(to, link);
    await rename(link, this.path);
  }
}

/** Between the last byte of a copy and the note that it is whole. */
const SLACK = 1000;

async function spoil(folder: string, fault: (typeof FAULTS)[number]): Promise<void> {
  const manifest = join(folder, 'manifest.json');
  const change = async (name: string, edit: (bytes: Buffer) => Uint8Array) =>
    writeFile(join(folder, name), edit(await readFile(join(folder, name))));
  switch (fault) {
    case 'cut':
      await change('item_vectors.safetensors', (bytes) => bytes.subarray(0, bytes.length - 9));
      break;
    case 'manifest':
      await change('manifest.json', (bytes) => bytes.subarray(0, bytes.length >> 1));
      return;
    case 'parser':
      await change('items.parquet', (bytes) => bytes.subarray(0, bytes.length - 20));
      break;
    case 'values':
      await change('item_vectors.safetensors', (bytes) => {
        const copy = Buffer.from(bytes);
        copy.writeUInt32LE(0x7fc00000, copy.length - 4); // NaN
        return copy;
      });
      break;
    case 'kind':
      await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"kind"', '"sort"'));
      return;
  }
  if (fault !== 'cut') await sealArtifact(folder);
}
