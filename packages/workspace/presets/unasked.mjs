import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether calls of the system can be watched here: Linux with strace, and leave to use it. */
export const canWatch = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']).status === 0;

/** A user without settings: not even `CI`, which some libraries take for a wish to be left alone. */
const env = (folder, home) => ({
  PATH: process.env.PATH,
  HOME: home,
  USERPROFILE: home,
  LOCALAPPDATA: home,
  TMPDIR: join(folder, 'tmp'),
});

/**
 * Runs a Node program in an empty working folder, with an empty home and an empty folder for temporary files.
 *
 * @param {string[]} args of `node`
 * @param {{ home?: string, meet?: (child: import('node:child_process').ChildProcess) => Promise<void> }} options a home
 *   that is not there, and what to do with the program while it runs
 * @returns what it ended with and printed; `files`, what it left in the three folders; and, where `canWatch`, `asked`, the
 *   internet addresses that it or a process of it turned to, a name server's included
 */
export async function runUnasked(args, { home, meet } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-unasked-'));
  const log = `${folder}.strace`;
  try {
    for (const name of ['home', 'work', 'tmp']) await mkdir(join(folder, name));
    // With -D the child is the program itself, which signals reach; `close` comes when strace has ended, too.
    const strace = ['strace', '-D', '-f', '-qq', '-e', 'trace=connect,sendto,sendmsg,sendmmsg', '-o', log];
    const [command, ...rest] = [...(canWatch ? strace : []), process.execPath, ...args];
    const child = spawn(command, rest, {
      cwd: join(folder, 'work'),
      env: env(folder, home ?? join(folder, 'home')),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
    const ended = once(child, 'close');
    await meet?.(child);
    const [status] = await ended;
    const files = (await readdir(folder, { recursive: true })).sort();
    const calls = canWatch ? await readFile(log, 'utf8') : '';
    const addresses = calls.matchAll(/sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"|sin6_port.*$/gm);
    return { status, ...said, files, asked: [...addresses].map(([call]) => call) };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(log, { force: true });
  }
}
