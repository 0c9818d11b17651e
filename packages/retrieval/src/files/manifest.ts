import { createHash } from 'node:crypto';

import type { Manifest } from '../driver.js';
import { badIndex } from './errors.js';

const FORMAT = 'towerkit-index';
const VERSION = 1;

/** The text of `index.json`: the manifest with its format, its version and a checksum of its own. */
export const printManifest = (manifest: Manifest): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, sha256: digest(manifest), ...manifest }, null, 2)}\n`;

/** Reads it back, trusting nothing. @throws TowerkitError `BAD_INDEX` */
export function parseManifest(text: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw badIndex('its index.json is no JSON', cause);
  }
  if (!isRecord(parsed) || parsed.format !== FORMAT) throw badIndex(`its format is not ${FORMAT}`);
  const { version, sha256, ...rest } = parsed;
  delete rest.format;
  if (version !== VERSION) throw badIndex(`its version is ${String(version)}, not ${VERSION}`);
  if (sha256 !== digest(rest)) throw badIndex('its index.json is not what was written');
  const { driver, dimensions, metric, size, settings, files } = rest;
  const whole =
    typeof driver === 'string' &&
    isCount(dimensions) &&
    dimensions > 0 &&
    (metric === 'ip' || metric === 'cosine') &&
    isCount(size) &&
    isRecord(settings) &&
    isRecord(files) &&
    Object.entries(files).every(([name, file]) => /^[\w-][\w.-]*$/.test(name) && isFile(file));
  if (!whole) throw badIndex('its index.json lacks what it must have');
  return rest as unknown as Manifest;
}

const digest = (manifest: unknown) => createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isFile = (value: unknown) =>
  isRecord(value) && isCount(value.bytes) && typeof value.sha256 === 'string';
