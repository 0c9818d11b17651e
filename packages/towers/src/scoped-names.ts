import type { Parameters } from './parameters.js';

/** The weights of a part of a model as the whole names them: `<part>.<name>`. */
export const prefixed = (part: string, parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${part}.${name}`, value]));

/**
 * The entries whose name starts with a prefix, without it: the part of a whole under the names the part knows.
 *
 * @example
 * ```ts
 * scope({ 'item.bias': 1, 'user.bias': 2 }, 'item.'); // { bias: 1 }
 * ```
 */
export const scope = <T>(all: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
