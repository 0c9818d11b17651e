import { badArtifact, TowerkitError } from './errors.js';

/** Version of the artifact format that is read, see `SCHEMA_VERSION` of `@towerkit/artifact`. */
const SCHEMA_VERSION = 2;

/** Size in bytes and SHA-256 of a file, as the manifest has them. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** What is read of a manifest. */
export interface BrowserManifest {
  readonly items: number;
  readonly dimensions: number;
  /** Items of a history that the tower reads, the newest. */
  readonly maxLength: number;
  readonly files: Readonly<Record<string, FileFacts>>;
}

const NEEDED = ['items.json', 'item_vectors.safetensors', 'user_tower.onnx'];

/**
 * Checks a manifest at the door: its version, the kind of model and what that reads, the files that are needed.
 *
 * @param base where it lies, for messages
 * @throws TowerkitError `BAD_ARTIFACT`; `NEWER_ARTIFACT`; `OTHER_MODEL` for what is no two-tower; `UNSUPPORTED` for a tower that
 *   reads more than a history
 */
export function checkManifest(base: string, text: string): BrowserManifest {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw badArtifact(base, 'manifest.json is not JSON', cause);
  }
  const { schemaVersion, kind, dataset, model, files } = objectOf(given);
  if (!Number.isInteger(schemaVersion))
    throw badArtifact(base, 'manifest.json names no version of its format');
  if (Number(schemaVersion) > SCHEMA_VERSION)
    throw new TowerkitError(
      'NEWER_ARTIFACT',
      `${base} has version ${Number(schemaVersion)} of the format, and this program reads version ${SCHEMA_VERSION}`,
      { hint: 'update @towerkit/browser', details: { version: schemaVersion } },
    );
  if (Number(schemaVersion) < SCHEMA_VERSION)
    throw badArtifact(base, `its format has version ${Number(schemaVersion)}: pack it anew`);
  if (kind !== 'two-tower')
    throw new TowerkitError('OTHER_MODEL', `${base} holds a model of the kind ${JSON.stringify(kind)}`, {
      hint: 'the browser runs two-towers; @towerkit/serve answers for every kind',
    });
  const { dimensions, maxLength, history, userInputs, momentInputs } = objectOf(model);
  const more = [...namesOf(userInputs), ...namesOf(momentInputs)];
  if (history !== true || more.length > 0)
    throw new TowerkitError('UNSUPPORTED', `the user tower reads ${more.join(', ') || 'no history'}`, {
      hint: 'the browser knows a history only; @towerkit/serve answers for such a model',
    });
  const { items } = objectOf(dataset);
  for (const [name, value] of Object.entries({ items, dimensions, maxLength }))
    if (!isCount(value)) throw badArtifact(base, `manifest.json has no number of ${name}`);
  const listed = objectOf(files);
  const missing = NEEDED.find((name) => !isFile(listed[name]));
  if (missing !== undefined) throw badArtifact(base, `manifest.json does not list ${missing}`);
  return {
    ...{ items: Number(items), dimensions: Number(dimensions), maxLength: Number(maxLength) },
    files: listed as Record<string, FileFacts>,
  };
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const namesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : Object.keys(objectOf(value));

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;

function isFile(value: unknown): boolean {
  const { bytes, sha256 } = objectOf(value);
  return Number.isInteger(bytes) && Number(bytes) >= 0 && /^[\da-f]{64}$/.test(String(sha256));
}
