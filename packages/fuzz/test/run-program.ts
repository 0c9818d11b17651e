import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs a program of this package with `--json`.
 *
 * @returns what it printed, and its reports. An exit status of 1 is no error here: it says that a report has something wrong.
 */
export async function runProgram<Report>(
  name: 'fuzz' | 'chaos' | 'kills',
  ...args: readonly string[]
): Promise<{ said: string; reports: Report[] }> {
  const folder = await mkdtemp(join(tmpdir(), `towerkit-${name}-test-`));
  try {
    const file = join(folder, 'report.json');
    const program = join(import.meta.dirname, `../dist/${name}.js`);
    const said = await printed([program, ...args, '--json', file]);
    return { said, reports: JSON.parse(await readFile(file, 'utf8')) as Report[] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function printed(args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, args, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout + stderr);
    }),
  );
}
