import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cp, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';

import { edit, edited, share, type Edit } from './edits.js';

/** What a file of a folder becomes. */
export type Change =
  | { readonly what: 'edits'; readonly edits: readonly Edit[] }
  | { readonly what: 'removed' | 'empty' | 'folder' | 'fifo' | 'device' | 'loop' }
  /** The file of that number of the folder, or of another folder where there is one. */
  | { readonly what: 'other'; readonly file: number };

/** Changes of a folder's files, each by the share of the sorted names where it stands. */
export interface Tampering {
  readonly changes: readonly { readonly file: number; readonly change: Change }[];
  /** Whether sizes and checksums are made to fit again, so that what reads the files is reached. */
  readonly sealed: boolean;
}

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('edits' as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom('removed' as const, 'empty', 'folder', 'fifo', 'device', 'loop'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('other' as const), file: share }) },
);

/** Changes nothing: what is told to be tampered with stays as it was. */
export const UNTOUCHED: Tampering = { changes: [], sealed: false };

export const tampering: fc.Arbitrary<Tampering> = fc.record({
  changes: fc.array(fc.record({ file: share, change }), { minLength: 1, maxLength: 2 }),
  sealed: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

/** Names of the files below a folder, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Copies a folder and changes files of the copy; `other` is where files of the same name are taken from. */
export async function tamper(
  from: string,
  to: string,
  { changes }: Pick<Tampering, 'changes'>,
  other = from,
): Promise<void> {
  await cp(from, to, { recursive: true });
  const names = await filesBelow(from);
  for (const { file, change } of changes) {
    const name = names[Math.floor(file * names.length)];
    const path = join(to, name);
    const bytes = await plainBytes(path);
    await rm(path, { recursive: true, force: true });
    switch (change.what) {
      case 'edits':
        await writeFile(path, change.edits.reduce<Uint8Array>(edited, bytes));
        break;
      case 'empty':
        await writeFile(path, '');
        break;
      case 'folder':
        await mkdir(path);
        break;
      case 'fifo':
        execFileSync('mkfifo', [path]);
        break;
      case 'device':
        await symlink('/dev/zero', path);
        break;
      case 'loop':
        await symlink(path, path);
        break;
      case 'other':
        await cp(join(other, names[Math.floor(change.file * names.length)]), path).catch(() =>
          cp(join(from, names[Math.floor(change.file * names.length)]), path),
        );
        break;
      case 'removed':
    }
  }
}

/** What a plain file holds; nothing where an earlier change put something there that never ends. */
async function plainBytes(path: string): Promise<Uint8Array> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? readFile(path) : Buffer.alloc(0);
}

/** Names of the files that a tampering changes, for signatures. */
export const changedNames = ({ changes }: Tampering, names: readonly string[]): string =>
  [...new Set(changes.map(({ file }) => names[Math.floor(file * names.length)]))].join('+');

type Listed = Record<string, { bytes: number; sha256: string }>;

/** Sizes and checksums as the files have them now; what is no plain file keeps its own. */
async function listedAnew(folder: string, files: Listed): Promise<Listed> {
  const found: Listed = {};
  const plain = new Set(await filesBelow(folder));
  for (const [name, before] of Object.entries(files)) {
    if (!plain.has(name)) {
      found[name] = before;
      continue;
    }
    const bytes = await readFile(join(folder, name));
    found[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  return found;
}

/** Makes the manifest of an artifact, and of an index in it, fit its files; one that is no manifest stays. */
export async function sealArtifact(folder: string): Promise<void> {
  await sealIndex(join(folder, 'index'));
  await rewrite(join(folder, 'manifest.json'), async (manifest) => ({
    ...manifest,
    files: await listedAnew(folder, manifest.files as Listed),
  }));
}

/** Makes `index.json` fit the files of an index, and its own checksum fit itself. */
export async function sealIndex(folder: string): Promise<void> {
  await rewrite(join(folder, 'index.json'), async ({ format, version, sha256: _, ...rest }) => {
    const manifest = { ...rest, files: await listedAnew(folder, rest.files as Listed) };
    const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
    return { format, version, sha256, ...manifest };
  });
}

async function rewrite(
  path: string,
  change: (manifest: Record<string, unknown>) => Promise<Record<string, unknown>>,
): Promise<void> {
  try {
    const text = Buffer.from(await plainBytes(path)).toString('utf8');
    const manifest = JSON.parse(text) as Record<string, unknown>;
    await writeFile(path, JSON.stringify(await change(manifest)));
  } catch {
    // Not a manifest any more, which is a case as well.
  }
}
