import { TowerkitError } from '../errors.js';

/**
 * A config with other values at dotted paths, such as `optimizer.learningRate` or `negatives.0.count`; the config itself stays as it
 * is. Objects on the way that are absent are made.
 *
 * @throws TowerkitError `BAD_SPACE` for a path through something that is neither an object nor a list
 */
export function setValues<T>(config: T, values: Readonly<Record<string, unknown>>): T {
  let changed: unknown = config;
  for (const [path, value] of Object.entries(values))
    changed = replaced(changed, path.split('.'), value, path);
  return changed as T;
}

function replaced(at: unknown, [key, ...rest]: readonly string[], value: unknown, path: string): unknown {
  if (key === undefined) return value;
  if (Array.isArray(at)) {
    const place = Number(key);
    if (!Number.isInteger(place) || place < 0 || place >= at.length)
      throw badPath(path, `the list there has ${at.length} entries`);
    return at.map((entry: unknown, i) => (i === place ? replaced(entry, rest, value, path) : entry));
  }
  if (at !== undefined && (typeof at !== 'object' || at === null))
    throw badPath(path, `${JSON.stringify(at) ?? 'a function'} stands on the way`);
  const object = (at ?? {}) as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, value, path) };
}

const badPath = (path: string, what: string) =>
  new TowerkitError('BAD_SPACE', `the config has no place for ${path}: ${what}`, {
    hint: 'paths are keys of the config with dots between them; `towerkit train --help` lists them',
    details: { path },
  });
