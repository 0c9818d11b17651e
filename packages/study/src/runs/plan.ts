import { isTowerkitError } from '@towerkit/core';
import { baselineNames, type BaselineName } from '@towerkit/pipeline';
import type { LoadedConfig } from '@towerkit/pipeline/config-files';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { TowerkitError } from '../errors.js';
import { failureOf, type RunFailure } from './job.js';
import type { LoadConfig } from './run-job.js';

/** One line of a study: a config, or a baseline on the data of the first config. */
export interface Variant {
  readonly name: string;
  /** The config as it was given. */
  readonly config: string;
  readonly baseline?: BaselineName;
  /** Absent where the config does not load; `error` says why. */
  readonly loaded?: LoadedConfig;
  readonly error?: RunFailure;
}

/**
 * The variants that are meant by folders, files, names of configs, and names of baselines: a folder stands for the configs in it, in
 * the order of their names, without those that begin with an underscore, which others extend.
 *
 * @throws TowerkitError `BAD_OPTION` for none at all, no config among them, or one name twice
 */
export async function planVariants(given: readonly string[], load: LoadConfig): Promise<Variant[]> {
  const places = (await Promise.all(given.map(expanded))).flat();
  const isBaseline = (place: string): place is BaselineName =>
    (baselineNames as readonly string[]).includes(place);
  const first = places.find((place) => !isBaseline(place));
  if (first === undefined)
    throw new TowerkitError('BAD_OPTION', 'a study takes one config or more', {
      hint: 'give a folder of configs or several with commas between them; baselines take their data from the first',
      details: { option: 'configs' },
    });
  const variants: Variant[] = [];
  for (const place of places)
    variants.push(
      isBaseline(place)
        ? { name: place, config: first, baseline: place, ...(await loaded(first, load)) }
        : await ofConfig(place, load),
    );
  const twice = variants.find(({ name }, i) => variants.findIndex((other) => other.name === name) < i);
  if (twice)
    throw new TowerkitError('BAD_OPTION', `two variants are called ${twice.name}`, {
      hint: 'the `name` of a config names its variant: give each one of its own',
      details: { option: 'configs', name: twice.name },
    });
  return variants;
}

async function ofConfig(config: string, load: LoadConfig): Promise<Variant> {
  const found = await loaded(config, load);
  const plain = config
    .replaceAll('\\', '/')
    .split('/')
    .at(-1)!
    .replace(/\.\w+$/, '');
  return { name: found.loaded?.config.name ?? plain, config, ...found };
}

const loaded = (config: string, load: LoadConfig): Promise<Pick<Variant, 'loaded' | 'error'>> =>
  load(config).then(
    (loaded) => ({ loaded }),
    (error: unknown) => {
      if (!isTowerkitError(error)) throw error;
      return { error: failureOf(error) };
    },
  );

async function expanded(given: string): Promise<string[]> {
  const info = await stat(given).catch(() => undefined);
  if (!info?.isDirectory()) return [given];
  const names = (await readdir(given)).filter((name) => /^[^_.].*\.(ts|mts|js|mjs|json)$/.test(name)).sort();
  return names.map((name) => join(given, name));
}
