import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../dist/chaos.js');
const MINUTES = '0.75';
/** Lists of what was wrong; memory needs a longer run to be judged. */
const WRONG = ['lost', 'wrongVersion', 'wrongItems', 'broken', 'readyLies', 'trouble'];

test('under load and faults: no acknowledged event lost, no wrong answer, readiness true', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-chaos-test-'));
  try {
    const file = join(folder, 'report.json');
    const args = ['--minutes', MINUTES, '--seed', '1', '--rate', '100', '--json', file];
    const said = await run(args);
    const reports = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>[];
    expect(reports.length).toBeGreaterThan(0);
    for (const report of reports) {
      const counts = Object.fromEntries(WRONG.map((name) => [name, (report[name] as unknown[]).length]));
      expect({ said, ...counts }).toEqual({ said, ...Object.fromEntries(WRONG.map((name) => [name, 0])) });
      expect(report).toMatchObject({ stale: 0, endedInTime: true });
      expect(report.acknowledged).toBeGreaterThan(100);
      expect(report.answers).toBeGreaterThan(100);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function run(args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout + stderr);
    }),
  );
}
