import { relative, dirname, sep } from 'node:path';

import { setValues } from '../runs/set-values.js';
import type { Point } from './space.js';

/**
 * The text of a config that is another one with other values: a TypeScript file that imports it, for `towerkit train`.
 *
 * @param base what it extends: its file, and what it holds
 * @param file where the text will stand
 * @param name of the new config
 * @param why what the comment says
 */
export function bestConfig(
  base: { readonly file: string; readonly config: object },
  file: string,
  name: string,
  point: Point,
  why: string,
): string {
  const from = relative(dirname(file), base.file).split(sep).join('/').replace(/\.ts$/, '.js');
  const path = from.startsWith('.') ? from : `./${from}`;
  const changed = setValues(base.config, point) as Readonly<Record<string, unknown>>;
  const keys = [...new Set(Object.keys(point).map((dotted) => dotted.split('.')[0]))];
  const lines = keys.map((key) => `  ${keyOf(key)}: ${extended([key], point, changed[key])},`);
  return [
    `import base from '${path}';`,
    '',
    `/** ${why.replaceAll('*/', '* /')} */`,
    'export default {',
    '  ...base,',
    `  name: ${literal(name)},`,
    ...lines,
    '};',
    '',
  ].join('\n');
}

/** The text of a value: what changes in it, spread over what it was; a list as a whole. */
function extended(path: readonly string[], point: Point, value: unknown): string {
  const dotted = path.join('.');
  const below = Object.keys(point).filter((one) => one.startsWith(`${dotted}.`));
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (dotted in point || below.length === 0 || !isPlain) return literal(value);
  const keys = [...new Set(below.map((one) => one.slice(dotted.length + 1).split('.')[0]))];
  const parts = keys.map(
    (key) => `${keyOf(key)}: ${extended([...path, key], point, (value as Record<string, unknown>)[key])}`,
  );
  const before = path.reduce((text, key, i) => (i === 0 ? `base.${key}` : `${text}?.${key}`), '');
  return `{ ...${before}, ${parts.join(', ')} }`;
}

/** A value as it is written in TypeScript. */
function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${keyOf(key)}: ${literal(part)}`)
    .join(', ')} }`;
}

const keyOf = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key));
