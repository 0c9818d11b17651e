import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { TowerkitError, type OnProgress } from '@towerkit/core';

import { requiredFiles, type Dtype } from './model-files.js';
import type { Transformers } from './transformers.js';

interface Wanted {
  readonly models?: string;
  readonly model: string;
  readonly dtype: Dtype;
  readonly cacheFolder?: string;
  readonly onDownload?: OnProgress;
}

/**
 * The folder of a model: the one named, or that of the download cache, into which what is missing is downloaded.
 *
 * @throws TowerkitError `MODEL_UNAVAILABLE`
 */
export async function findModel(transformers: Transformers, wanted: Wanted): Promise<string> {
  const { models, model, dtype } = wanted;
  if (models !== undefined) return localFolder(models, model);
  const cache = wanted.cacheFolder ?? defaultCache();
  const id = model.includes('/') ? model : `Xenova/${model}`; // where the weights lie in this layout
  const folder = join(cache, id);
  // Asked here, not there: transformers.js goes to the hub for optional files even when it has those that matter.
  if (!requiredFiles(dtype).every((file) => existsSync(join(folder, file))))
    await download(transformers, id, cache, wanted);
  return folder;
}

function localFolder(models: string, model: string): string {
  const folder = [join(models, model), models].find((place) => existsSync(join(place, 'config.json')));
  if (folder !== undefined) return folder;
  if (existsSync(join(models, model))) return join(models, model); // modelFiles says what it lacks
  throw new TowerkitError('MODEL_UNAVAILABLE', `there is no model ${model} in ${models}`, {
    hint: `put the model's files in ${join(models, model)}, or name another folder`,
    details: { model, models },
  });
}

async function download(
  { AutoModel, AutoTokenizer }: Transformers,
  id: string,
  cache: string,
  { dtype, onDownload }: Wanted,
): Promise<void> {
  const options = {
    cache_dir: cache,
    progress_callback: (event: { status: string; file?: string; loaded?: number; total?: number }) => {
      if (event.status === 'progress' && event.file?.endsWith('.onnx'))
        onDownload?.({ stage: 'download', done: event.loaded ?? 0, total: event.total, unit: 'bytes' });
    },
  };
  try {
    await AutoTokenizer.from_pretrained(id, options);
    const model = await AutoModel.from_pretrained(id, { ...options, dtype, device: 'cpu' });
    await model.dispose();
  } catch (cause) {
    throw new TowerkitError(
      'MODEL_UNAVAILABLE',
      `the model ${id} could not be downloaded: ${reasonOf(cause)}`,
      {
        hint: 'get its files on a machine with a network and name their folder (--models DIR, option `models`), or use lsa',
        details: { model: id },
        cause,
      },
    );
  }
}

/** fetch says "fetch failed" and hides why in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message} (${cause.message})` : message;
}

const defaultCache = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'towerkit', 'models');
