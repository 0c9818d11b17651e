import { z } from 'zod';

import { TowerkitError } from './errors.js';

/** Version of the artifact format that is written. Older versions are upgraded as they are read, see {@link parseManifest}. */
export const SCHEMA_VERSION = 2;

const size = z.number().int().min(0);
/** Dense ids fit 32 bits. */
const count = size.max(2 ** 31 - 1);

const estimate = z.object({
  ...{ value: z.number(), low: z.number(), high: z.number(), users: size },
  undefinedFor: size.optional(),
});

const schema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** Kind of model, such as `two-tower`; decides which files there must be. */
  kind: z.string(),
  name: z.string(),
  createdAt: z.string(),
  /** The configuration it was trained with, as JSON. Opaque here: whoever trained the model can read it. */
  recipe: z.record(z.string(), z.unknown()),
  dataset: z.object({
    name: z.string(),
    /** Hash of the interactions it was trained on. */
    fingerprint: z.string(),
    users: count,
    items: count,
    interactions: count,
  }),
  /** Versions of the packages that wrote it. */
  packages: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), estimate),
  baselines: z.record(z.string(), z.record(z.string(), estimate)),
  /** Facts of this kind of model, such as sizes; checked by the reader of the kind. */
  model: z.record(z.string(), z.unknown()),
  /** Every other file of the folder with its size in bytes and its SHA-256. */
  files: z.record(z.string(), z.object({ bytes: size, sha256: z.string() })),
});

/** `manifest.json`: what an artifact is, and the checksum of every other file in it. */
export type ArtifactManifest = z.infer<typeof schema>;

/** The facts of a manifest, without what writing adds: the version, the time and the files. */
export type ArtifactFacts = Omit<ArtifactManifest, 'schemaVersion' | 'createdAt' | 'files'>;

/** How a manifest of an older version becomes one of the next: by the version it is of. */
const UPGRADES: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {
  // Version 1 called the recipe `config`.
  1: ({ config, ...rest }) => ({ ...rest, schemaVersion: 2, recipe: config }),
};

/**
 * The manifest that a text holds. Manifests of older versions are upgraded.
 *
 * @param folder for messages
 * @throws TowerkitError `BAD_ARTIFACT` for what is no manifest, or one of a newer version
 */
export function parseManifest(folder: string, text: string): ArtifactManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw badArtifact(folder, 'manifest.json is not JSON', cause);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw badArtifact(folder, 'manifest.json is not an object');
  let manifest = json as Record<string, unknown>;
  const { schemaVersion: version } = manifest;
  for (let upgrade; (upgrade = UPGRADES[Number(manifest.schemaVersion)]);) manifest = upgrade(manifest);
  if (manifest.schemaVersion !== SCHEMA_VERSION)
    throw badArtifact(
      folder,
      `its format has version ${JSON.stringify(version)}, and this program reads versions 1 to ${SCHEMA_VERSION}`,
    );
  const result = schema.safeParse(manifest);
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw badArtifact(folder, `manifest.json, ${path.join('.')}: ${message}`);
  }
  for (const name of Object.keys(result.data.files))
    if (!isInside(name))
      throw badArtifact(folder, `its manifest names a file outside it: ${JSON.stringify(name)}`);
  return result.data;
}

/** Whether a name is a path down from a folder, on every system: slashes only, no drive, no part that leads elsewhere. */
const isInside = (name: string): boolean =>
  name !== 'manifest.json' &&
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  !/[\\\u0000-\u001f]|^[A-Za-z]:/.test(name) &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** The error of an artifact that cannot be used. */
export const badArtifact = (folder: string, what: string, cause?: unknown): TowerkitError =>
  new TowerkitError('BAD_ARTIFACT', `${folder} is not a whole artifact: ${what}`, {
    hint: 'train again, or copy the folder again from where it came',
    details: { folder },
    cause,
  });
