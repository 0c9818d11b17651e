import { holdArtifact, readArtifact } from '@towerkit/artifact';
import { isTowerkitError, type OnProgress } from '@towerkit/core';
import {
  startNames,
  trainBaseline,
  type BaselineName,
  type Prepared,
  type ResolvedConfig,
} from '@towerkit/pipeline';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * The artifact of a baseline on prepared data, fitted once and used by every run that asks for the same rows, options and seed.
 *
 * @param folder of what runs share
 * @returns the artifact's folder
 */
export async function sharedBaseline(
  name: BaselineName,
  prepared: Prepared,
  config: ResolvedConfig,
  folder: string,
  options: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress } = {},
): Promise<string> {
  const artifact = join(folder, `${name}-${keyOf(name, prepared, config)}`);
  return holdArtifact(artifact, async () => {
    if (await isWhole(artifact)) return artifact;
    const trained = await trainBaseline(name, prepared, { ...config, name }, options);
    try {
      await trained.save(artifact);
    } finally {
      await trained.model.dispose?.();
    }
    return artifact;
  });
}

/** Whatever its result depends on. */
function keyOf(name: BaselineName, { fingerprint, split }: Prepared, config: ResolvedConfig): string {
  const { seed, baselines, metrics, repeats, questions, data } = config;
  const ofIds = (startNames as readonly string[]).includes(name); // whatever else the config reads changes nothing
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({
      fingerprint,
      seed,
      options: baselines[name],
      metrics,
      repeats,
      questions,
      data: { ...data, path: undefined, ...(ofIds && { features: undefined }) },
    }),
  );
  for (const part of [split.train, split.validation, split.test])
    if (part) hash.update(bytes(part.indptr)).update(bytes(part.indices));
  return hash.digest('hex').slice(0, 12);
}

const bytes = ({ buffer, byteOffset, byteLength }: Int32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

const isWhole = (artifact: string) =>
  readArtifact(artifact).then(
    () => true,
    (error: unknown) => {
      if (isTowerkitError(error)) return false;
      throw error;
    },
  );
