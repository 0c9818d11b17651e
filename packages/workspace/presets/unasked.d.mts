import type { ChildProcess } from 'node:child_process';

export const canWatch: boolean;

export interface Unasked {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Paths below the folders `home`, `work` and `tmp`, these three included, sorted. */
  readonly files: readonly string[];
  readonly asked: readonly string[];
}

export function runUnasked(
  args: readonly string[],
  options?: { readonly home?: string; readonly meet?: (child: ChildProcess) => Promise<void> },
): Promise<Unasked>;
