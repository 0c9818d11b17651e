import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../dist/fuzz.js');
const SEED = '1';
const MINUTES = '1';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'towerkit-fuzz-test-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a minute of generated input brings documented answers only', async () => {
  const file = join(folder, 'report.json');
  const said = await run('--little', '--minutes', MINUTES, '--seed', SEED, '--json', file);
  const reports = JSON.parse(await readFile(file, 'utf8')) as {
    target: string;
    cases: number;
    findings: object[];
  }[];
  expect({ said, findings: reports.flatMap(({ findings }) => findings) }).toEqual({ said, findings: [] });
  // It did try: each target had cases.
  expect(reports.length).toBeGreaterThanOrEqual(8);
  expect(reports.filter(({ cases }) => cases < 3)).toEqual([]);
});

/** What the program printed, whatever its exit status: that says whether there are findings. */
function run(...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout + stderr);
    }),
  );
}
