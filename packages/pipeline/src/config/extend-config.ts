import { badConfig } from './check-config.js';

type Plain = Readonly<Record<string, unknown>>;

/** Configs that extend each other, at most. */
const DEEPEST = 8;

/**
 * A config over the one that its key `extends` names: its own keys count, objects are merged key by key, and lists and all else
 * are taken as they are. Without the key it is the config itself.
 *
 * @param load gives what the config of that name exports; its own base, if any, is asked for in turn
 * @throws TowerkitError `BAD_CONFIG` for a base that is no name, and for configs that extend each other in a circle; what `load`
 *   throws
 * @example
 * ```ts
 * await extendedConfig({ extends: 'search', name: 'mine' }, loadMine); // { name: 'mine', search: { ... } }
 * ```
 */
export async function extendedConfig(
  config: unknown,
  load: (base: string) => Promise<unknown>,
  depth = 0,
): Promise<unknown> {
  if (!isPlain(config) || config.extends === undefined) return config;
  const { extends: base, ...own } = config;
  if (typeof base !== 'string' || base === '')
    throw badConfig('extends: expected the name or the file of a config');
  if (depth === DEEPEST)
    throw badConfig(`extends: more than ${DEEPEST} configs extend each other, last ${base}`);
  return merged(await extendedConfig(await load(base), load, depth + 1), own);
}

/** Own values over those of a base. */
function merged(base: unknown, own: unknown): unknown {
  if (own === undefined) return base;
  if (!isPlain(base) || !isPlain(own)) return own;
  const names = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(base[name], own[name])]));
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
