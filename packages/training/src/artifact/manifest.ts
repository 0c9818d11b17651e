import { TowerkitError } from '@towerkit/core';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** Version of the artifact layout; a reader refuses others. */
export const SCHEMA_VERSION = 1;

const estimate = z.object({ value: z.number(), low: z.number(), high: z.number(), users: z.number().int() });

const schema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** Kind of model, such as `two-tower`; says which files must be there. */
  kind: z.string(),
  name: z.string(),
  createdAt: z.string(),
  /** The configuration it was trained with, as JSON. */
  config: z.record(z.string(), z.unknown()),
  dataset: z.object({
    name: z.string(),
    /** Hash of the interactions it was trained on. */
    fingerprint: z.string(),
    users: z.number().int(),
    items: z.number().int(),
    interactions: z.number().int(),
  }),
  /** Versions of the packages that wrote it. */
  packages: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), estimate),
  baselines: z.record(z.string(), z.record(z.string(), estimate)),
  /** What a reader of this kind of model needs to know, such as sizes. */
  model: z.record(z.string(), z.unknown()),
  /** Every other file of the folder with its size in bytes and its SHA-256. */
  files: z.record(z.string(), z.object({ bytes: z.number().int(), sha256: z.string() })),
});

/** `manifest.json`: what an artifact is, and the checksum of every other file in it. */
export type ArtifactManifest = z.infer<typeof schema>;

/** A manifest's facts, the files aside: what {@link sealArtifact} is told. */
export type ArtifactFacts = Omit<ArtifactManifest, 'schemaVersion' | 'createdAt' | 'files'>;

/** Lists the files of a folder that is otherwise complete, with their checksums: the manifest it wants. */
export async function sealArtifact(folder: string, facts: ArtifactFacts): Promise<ArtifactManifest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: ArtifactManifest['files'] = {};
  for (const path of names.sort()) {
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    files[name] = { bytes: (await stat(path)).size, sha256: await sha256(path) };
  }
  return { schemaVersion: SCHEMA_VERSION, createdAt: new Date().toISOString(), ...facts, files };
}

/**
 * Reads an artifact's manifest and verifies that every file it names is there, whole and unchanged.
 *
 * @param kind the kind of model wanted; any by default
 * @throws TowerkitError `ARTIFACT_NOT_FOUND` without a manifest, `BAD_ARTIFACT` saying what is wrong with it
 */
export async function readManifest(folder: string, kind?: string): Promise<ArtifactManifest> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw bad(folder, cause.message);
    throw new TowerkitError('ARTIFACT_NOT_FOUND', `no artifact in ${folder}: it has no manifest.json`, {
      hint: 'train one first, or name the folder that was given as --out',
    });
  });
  const manifest = parse(folder, text);
  if (kind !== undefined && manifest.kind !== kind)
    throw bad(folder, `it holds a model of the kind ${manifest.kind}, not ${kind}`);
  for (const [name, { bytes, sha256: expected }] of Object.entries(manifest.files)) {
    if (name.split('/').includes('..')) throw bad(folder, `its manifest names a file outside it: ${name}`);
    const path = join(folder, name);
    const size = await stat(path).then(
      (info) => info.size,
      () => undefined,
    );
    if (size === undefined) throw bad(folder, `${name} is missing`);
    if (size !== bytes) throw bad(folder, `${name} has ${size} bytes instead of ${bytes}`);
    if ((await sha256(path)) !== expected)
      throw bad(folder, `${name} is not what was written: its checksum differs`);
  }
  return manifest;
}

function parse(folder: string, text: string): ArtifactManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad(folder, 'manifest.json is not JSON', cause);
  }
  const version = (json as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION)
    throw bad(
      folder,
      `its layout has version ${String(version)}, and this program reads version ${SCHEMA_VERSION}`,
    );
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw bad(folder, `manifest.json, ${path.join('.')}: ${message}`);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const bad = (folder: string, what: string, cause?: unknown) =>
  new TowerkitError('BAD_ARTIFACT', `${folder} is not a whole artifact: ${what}`, {
    hint: 'train again, or copy the folder again from where it came',
    details: { folder },
    cause,
  });
