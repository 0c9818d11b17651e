import { spawn } from 'node:child_process';

/** How a process ended. */
export interface Ended {
  /** Exit status, or the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds until it ended. */
  readonly took: number;
  /** Whether it was asked to end, by SIGINT. */
  readonly interrupted: boolean;
  /** Whether it had to be killed. */
  readonly killed: boolean;
}

/** How long a process may run until it is interrupted, and then until it is killed; milliseconds. */
export interface Patience {
  readonly interrupt: number;
  readonly kill: number;
}

const KEPT = 1 << 20;

/** Runs a Node program to its end. */
export function runNode(args: readonly string[], cwd: string, { interrupt, kill }: Patience): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        text[stream] = (text[stream] + part).slice(-KEPT);
      });
    let [interrupted, killed] = [false, false];
    const soft = setTimeout(() => (interrupted = child.kill('SIGINT')), interrupt);
    const hard = setTimeout(() => (killed = child.kill('SIGKILL')), interrupt + kill);
    child.on('error', reject).on('close', (status, signal) => {
      clearTimeout(soft);
      clearTimeout(hard);
      const took = performance.now() - started;
      resolve({ status: status ?? signal ?? 'nothing', ...text, took, interrupted, killed });
    });
  });
}
