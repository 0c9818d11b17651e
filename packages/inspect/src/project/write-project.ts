import { writeFileAtomic } from '@towerkit/core/files';
import { access, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve, dirname, basename } from 'node:path';

import { TowerkitError } from '../errors.js';
import type { Inspection, SideTable } from '../inspection.js';
import { filesOf, JOINED } from '../join/joined.js';
import { writeJoined } from '../join/write-joined.js';
import { configText } from '../propose/config-text.js';
import { requireTrainable } from '../propose/require-trainable.js';
import {
  NPMRC,
  packageText,
  readmeText,
  withScripts,
  type ProjectFacts,
  type ProjectFile,
} from './project-files.js';

/** Configs that `towerkit train` finds by itself, in the order in which it looks. */
export const CONFIGS = [
  'towerkit.config.ts',
  'towerkit.config.mjs',
  'towerkit.config.js',
  'towerkit.config.json',
];

/** The config of a folder that `towerkit train` finds by itself, if it has one. */
export async function configIn(folder: string): Promise<string | undefined> {
  for (const name of CONFIGS) if (await exists(join(folder, name))) return join(folder, name);
  return undefined;
}

/** What was written. */
export interface WrittenProject {
  readonly name: string;
  readonly config: string;
  /** Names of the files in the folder. */
  readonly written: readonly string[];
  /** Files that were there and stayed as they were. */
  readonly kept: readonly string[];
}

/**
 * Refuses a folder that has a config.
 *
 * @throws TowerkitError `FOLDER_IN_USE`
 */
export async function requireNoConfig(folder: string): Promise<void> {
  const found = await configIn(folder);
  if (found === undefined) return;
  throw new TowerkitError(
    'FOLDER_IN_USE',
    `there is a config already: ${basename(found)}; it is never overwritten`,
    {
      hint: 'run `towerkit train` to use it, move it away, or go to another folder',
      details: { file: resolve(found) },
    },
  );
}

/**
 * Writes a project for what was found: a config with reasons, a `package.json` with scripts, a README, and an `.npmrc` where
 * one helps. Files that are there stay; of a `package.json` the scripts that it lacks are added. All is written or nothing.
 *
 * @param folder where it goes; it exists
 * @throws TowerkitError `FOLDER_IN_USE` where there is a config; `MISSING_COLUMN`, `NO_OVERLAP`, what {@link requireTrainable}
 *   throws; `UNWRITABLE`
 */
export async function writeProject(
  folder: string,
  inspection: Inspection,
  facts: Omit<ProjectFacts, 'name'> & { readonly name?: string },
): Promise<WrittenProject> {
  await requireNoConfig(folder);
  requireTrainable(inspection);
  const name = facts.name ?? projectName(folder, inspection);
  const own: ProjectFacts = { ...facts, name };
  const config = CONFIGS[0];
  const { joined } = inspection;
  const home = joined ? resolve(folder) : dirname(resolve(inspection.log!.file.path));
  const within = (path: string) => slashes(relative(home, resolve(path)));
  const place = (side: SideTable | undefined) => side && within(side.file.path);
  const { heldBack } = inspection;
  const text = configText(inspection, {
    name,
    folder: slashes(relative(resolve(folder), home)) || '.',
    catalog: place(inspection.catalog),
    users: place(inspection.users),
    ...(heldBack && {
      heldBack: {
        validation: within(heldBack.validation.path),
        ...(heldBack.test && { test: within(heldBack.test.path) }),
      },
    }),
  });
  const files: ProjectFile[] = [
    { name: 'package.json', text: packageText(own) },
    { name: 'README.md', text: readmeText(inspection, own, config) },
    ...(facts.skipScripts ? [{ name: '.npmrc', text: NPMRC }] : []),
    { name: config, text }, // the last, so that a config is never alone
  ];
  if (joined && (await exists(join(folder, JOINED))))
    throw new TowerkitError('FOLDER_IN_USE', `there is a file ${JOINED} already; it is never overwritten`, {
      hint: 'move it away, or go to another folder',
      details: { file: resolve(folder, JOINED) },
    });
  const fresh: ProjectFile[] = [];
  const kept: string[] = [];
  for (const file of files)
    if (await exists(join(folder, file.name))) kept.push(file.name);
    else fresh.push(file);
  const before = kept.includes('package.json')
    ? await readFile(join(folder, 'package.json'), 'utf8')
    : undefined;
  const scripts = before === undefined ? undefined : withScripts(before, name);
  const done: string[] = [];
  try {
    if (joined) {
      await writeJoined(join(folder, JOINED), joined);
      done.push(JOINED);
    }
    for (const file of fresh) {
      await writeFileAtomic(join(folder, file.name), file.text);
      done.push(file.name);
    }
    if (scripts !== undefined) await writeFileAtomic(join(folder, 'package.json'), scripts);
  } catch (error) {
    for (const file of done) await rm(join(folder, file), { force: true });
    throw error;
  }
  const changed = scripts === undefined ? [] : ['package.json (scripts added)'];
  return {
    ...{ name, config, written: [...done, ...changed] },
    kept: kept.filter((file) => file !== 'package.json' || scripts === undefined),
  };
}

/** Folders whose name says nothing of the data in them. */
const PLAIN =
  /^(data|datasets?|files?|downloads?|tmp|temp|exports?|raw|input|src|home|desktop|documents|users?)$/i;

/** A name for the run: that of the folder of the data, else that of the log. */
export function projectName(folder: string, { log, files, joined }: Inspection): string {
  const [path] = joined ? filesOf(joined).slice(-1) : [log!.file.path];
  const home = dirname(resolve(path));
  const ofFile = basename(path).replace(/(\.(gz|csv|tsv|txt|dat|data|jsonl?|ndjson|parquet))+$/i, '');
  const ofFolder = basename(home);
  const shared =
    home !== resolve(folder) &&
    (files.length > 1 || joined !== undefined) &&
    ofFolder !== '' &&
    !PLAIN.test(ofFolder);
  const plain = (shared ? ofFolder : ofFile)
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[-.]+$/g, '');
  return plain || 'recommender';
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const slashes = (path: string) => path.replaceAll('\\', '/');
