import type { z } from 'zod';

import { TowerkitError } from '../errors.js';
import { nearestName } from './nearest-name.js';
import { configSchema, type ResolvedConfig } from './schema.js';

/**
 * Checks a config and fills in its defaults.
 *
 * @param where what to call it in an error, such as the name of its file
 * @throws TowerkitError `BAD_CONFIG`, one line about the first thing that is wrong
 */
export function checkConfig(config: unknown, where = 'config'): ResolvedConfig {
  const result = configSchema.safeParse(config);
  if (result.success) return result.data;
  throw badConfig(`${where}: ${explain(result.error.issues[0], config)}`);
}

/** The error of a config that is wrong: `BAD_CONFIG`, with what is wrong as its message. */
export const badConfig = (message: string, cause?: unknown) =>
  new TowerkitError('BAD_CONFIG', message, {
    hint: '`towerkit train --help` lists every key with its default',
    cause,
  });

function explain(issue: z.core.$ZodIssue, config: unknown): string {
  const at = issue.path.join('.');
  const where = at === '' ? '' : `${at}: `;
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(configSchema, issue.path);
    const close = nearestName(issue.keys[0], keys);
    return `there is no key ${JSON.stringify([...issue.path, issue.keys[0]].join('.'))}; ${close ? `did you mean "${close}"?` : `its keys are ${keys.join(', ')}`}`;
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // Of several readings, the one that got furthest: a typo deep inside an object beats "expected a string".
    const flat = issue.errors.flat().sort((a, b) => b.path.length - a.path.length || rank(b) - rank(a));
    return explain({ ...flat[0], path: [...issue.path, ...flat[0].path] }, config);
  }
  return `${where}${issue.message.replace(/^Invalid input: /, '')}${instead(issue, config)}`;
}

/** What to write where an object was expected and something else was given, such as the name of one of its keys. */
function instead(issue: z.core.$ZodIssue, config: unknown): string {
  if (issue.code !== 'invalid_type' || issue.expected !== 'object') return '';
  const keys = keysAt(configSchema, issue.path);
  if (keys.length === 0) return '';
  const given = issue.path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    config,
  );
  const name = typeof given === 'string' && keys.includes(given) ? given : undefined;
  return name === undefined
    ? `; its keys are ${keys.join(', ')}`
    : `; write ${String(issue.path.at(-1) ?? 'it')}: { ${JSON.stringify(name)}: {} }`;
}

const rank = (issue: z.core.$ZodIssue) => (issue.code === 'unrecognized_keys' ? 1 : 0);

interface Definition {
  readonly shape?: Readonly<Record<string, Node>>;
  readonly innerType?: Node;
  readonly valueType?: Node;
  readonly element?: Node;
  readonly options?: readonly Node[];
}
interface Node {
  readonly def: Definition;
}

/** The keys an object of the schema may have at a path, through optionals, unions, records and arrays. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  let nodes = unwrap(schema as Node);
  for (const step of path)
    nodes = nodes.flatMap(({ def }) => {
      const next = def.shape?.[String(step)] ?? def.valueType ?? def.element;
      return next ? unwrap(next) : [];
    });
  return [...new Set(nodes.flatMap(({ def }) => Object.keys(def.shape ?? {})))];
}

function unwrap(node: Node): Node[] {
  const { innerType, options } = node.def;
  if (options) return options.flatMap(unwrap);
  return innerType ? unwrap(innerType) : [node];
}
