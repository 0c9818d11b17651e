import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../dist/kills.js');

test('commands that write, killed at random moments: the old or the new, and nothing left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-kills-test-'));
  try {
    const file = join(folder, 'report.json');
    const said = await run(['--kills', '2', '--seed', '1', '--signals', 'SIGKILL,SIGTERM', '--json', file]);
    const reports = JSON.parse(await readFile(file, 'utf8')) as { writer: string; wrong: string[] }[];
    expect({ said, wrong: reports.flatMap(({ wrong }) => wrong) }).toEqual({ said, wrong: [] });
    expect(new Set(reports.map(({ writer }) => writer)).size).toBe(7);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** What the program printed, whatever its exit status: that says whether something was wrong. */
function run(args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout + stderr);
    }),
  );
}
