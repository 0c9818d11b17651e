import {
  recognize,
  type Catalog,
  type DatasetSource,
  type InteractionLog,
  type UserTable,
} from '@towerkit/data';
import { holdsShop, loadShop, manifests, shopManifest, writeShop, type Shop } from '@towerkit/datasets';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';
import { nearestName } from '../config/nearest-name.js';
import type { DatasetConfig } from '../config/data-schema.js';
import type { ResolvedConfig } from '../config/schema.js';

/** A data set found on disk. */
export interface LocatedDataset {
  readonly name: string;
  readonly folder: string;
  readonly source: DatasetSource;
  /** Makes the generated shop it comes from, if any, for the ideal ranking: it takes about a second. */
  readonly shop?: () => Promise<Shop>;
}

/** A data set in memory. */
export interface MemoryDataset {
  readonly name: string;
  readonly log: InteractionLog;
  readonly catalog?: Catalog;
  readonly users?: UserTable;
}

/** A data set on disk or in memory. */
export type Dataset = LocatedDataset | MemoryDataset;

const KNOWN = [...manifests, shopManifest];

/**
 * Finds the data set to work on and how to read it: as the config says, or recognized by its files, or, without
 * any path, a shop that is generated.
 *
 * @param path the folder or file, absent to generate
 * @param generated the folder a shop is generated into
 * @throws TowerkitError `NO_DATA` when there is nothing to read; `UNKNOWN_DATASET` for a set that is not described;
 *   `FILE_NOT_FOUND`; what `writeShop` throws
 */
export async function locateDataset(
  { dataset, generate }: ResolvedConfig['data'],
  path: string | undefined,
  generated: string,
): Promise<LocatedDataset> {
  if (path === undefined) {
    if (generate === undefined)
      throw new TowerkitError('NO_DATA', 'there is no data to read', {
        hint: 'say where it is with --data PATH',
      });
    const written = (await holdsShop(generated, generate)) ? undefined : await writeShop(generated, generate);
    const shop = async () => written ?? (await loadShop(generated));
    return { name: shopManifest.name, folder: generated, source: shopManifest, shop };
  }
  const place = resolve(path);
  const isFolder = await stat(place).then(
    (info) => info.isDirectory(),
    (cause) => {
      throw new TowerkitError('FILE_NOT_FOUND', `there is no file or folder ${path}`, {
        details: { file: path },
        cause,
      });
    },
  );
  const folder = isFolder ? place : dirname(place);
  if (dataset === undefined) return recognized(path);
  const name = typeof dataset === 'string' ? dataset : 'custom';
  const source = sourceOf(dataset, isFolder ? undefined : basename(place));
  return { name, folder, source };
}

/** How to read a set by its name or its description; `file` overrules the name of the interactions file. */
export function sourceOf(dataset: string | DatasetConfig, file?: string): DatasetSource {
  if (typeof dataset === 'string') {
    const { interactions, ...rest } = manifestOf(dataset);
    return { ...rest, interactions: interactions && { ...interactions, file: file ?? interactions.file } };
  }
  const { catalog, anonymousUsers, ...interactions } = dataset;
  if (file === undefined && interactions.file === undefined)
    throw new TowerkitError('NO_DATA', 'the config names no file of the folder: data.dataset.file', {
      hint: 'name it there, or give the file itself as --data',
    });
  return { interactions: { ...interactions, file: file ?? interactions.file! }, catalog, anonymousUsers };
}

function manifestOf(name: string) {
  const manifest = KNOWN.find((one) => one.name === name);
  if (manifest) return manifest;
  const names = KNOWN.map((one) => one.name);
  const close = nearestName(name, names);
  throw new TowerkitError('UNKNOWN_DATASET', `there is no data set "${name}"`, {
    hint: close ? `did you mean "${close}"?` : `the sets known are ${names.join(', ')}`,
  });
}

async function recognized(path: string): Promise<LocatedDataset> {
  const found = await recognize(resolve(path), KNOWN);
  if (!found)
    throw new TowerkitError('UNKNOWN_DATASET', `the files under ${path} are of no known set`, {
      hint: `describe them in a config under data.dataset, or give one of ${KNOWN.map((one) => one.name).join(', ')}`,
    });
  const { manifest, folder } = found;
  const isShop = manifest === shopManifest;
  return { name: manifest.name, folder, source: manifest, ...(isShop && { shop: () => loadShop(folder) }) };
}
