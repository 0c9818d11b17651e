import { isTowerkitError } from '@towerkit/core';

/** Where a command speaks: results to stdout, everything else to stderr. */
export class Console {
  /** @param json whether stdout is kept for one JSON object */
  constructor(readonly json: boolean) {}

  /** Something to read on the way. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** A result for a person: stdout, unless that is kept for JSON. */
  show(text: string): void {
    (this.json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  /** The result for a program, on one line; nothing without `--json`. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }
}

/** Says what went wrong on stderr; returns the exit status: 2 for what the user can mend, 1 for the rest. */
export function reportError(error: unknown): number {
  if (isTowerkitError(error)) {
    process.stderr.write(`error ${error.code}: ${error.message}\n`);
    if (error.hint) process.stderr.write(`  ${error.hint}\n`);
    return 2;
  }
  process.stderr.write(`${(error as Error)?.stack ?? String(error)}\n`);
  return 1;
}
