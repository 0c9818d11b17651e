import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The command's own file. */
export const BIN = join(
  dirname(createRequire(import.meta.url).resolve('towerkit/package.json')),
  'bin/towerkit.mjs',
);

/** A metric with its interval, as the command prints it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly users: number;
}

/**
 * Runs the command in a process of its own; its result, or what it refused with.
 *
 * @param env variables that it sees beside those of this process
 */
export function towerkit(
  given: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { result?: Record<string, unknown>; refusal?: string } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [BIN, ...given, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return { result: JSON.parse(stdout.trimEnd().split('\n').at(-1)!) };
  const refusal = stderr.split('\n').find((line) => line.startsWith('error ')) ?? stderr.slice(-500);
  return { refusal };
}
