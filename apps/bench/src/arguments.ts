import { parseArgs } from 'node:util';

/** Reads `--name value` flags, with a default for each. */
export function flags<T extends Record<string, string>>(defaults: T): T {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
  );
  return { ...defaults, ...parseArgs({ options }).values } as T;
}

/** The median of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Prints a line of the report. */
export const print = (line: string) => void process.stdout.write(`${line}\n`);
