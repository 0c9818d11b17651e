import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const DIST = join(import.meta.dirname, '../dist');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-telemetry-'));
  for (const name of ['home', 'work']) await mkdir(join(folder, name));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program in an empty folder as a user without settings, and says what it printed and which files it left. */
async function ran(type: 'module' | 'commonjs', program: string, settings: Record<string, string> = {}) {
  const home = join(folder, 'home');
  // Not even CI, which ONNX Runtime takes for a wish to be left alone.
  const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home, LOCALAPPDATA: home, ...settings };
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [`--input-type=${type}`, '-e', program],
    { cwd: join(folder, 'work'), env },
  );
  return { stdout, stderr, files: await readdir(folder, { recursive: true }) };
}

const LOAD = {
  module: (entry: string) =>
    `const { loadOnnx } = await import(${JSON.stringify(pathToFileURL(join(DIST, `${entry}.js`)).href)});`,
  commonjs: (entry: string) => `const { loadOnnx } = require(${JSON.stringify(join(DIST, `${entry}.cjs`))});`,
};
/** Opens what is no model, for which ONNX Runtime starts whole. */
const OPEN = `loadOnnx(Uint8Array.of(1)).catch(({ code }) => console.log(code));`;
const worker = (type: 'module' | 'commonjs', program: string) =>
  type === 'commonjs'
    ? `new (require('node:worker_threads').Worker)(${JSON.stringify(program)}, { eval: true });`
    : `const { Worker } = await import('node:worker_threads');
       new Worker(new URL('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(program))}));`;

const EMPTY = ['home', 'work'];
const NOWHERE = { HOME: '/proc/no-home' };

describe.each(['module', 'commonjs'] as const)('as %s, ONNX Runtime leaves no file', (type) => {
  for (const entry of ['index', 'onnx']) {
    const program = LOAD[type](entry) + OPEN;
    test.each([
      ['the main thread', program, {}],
      ['a thread of a program that loads Towerkit only there', worker(type, program), {}],
      [
        'a thread where another library has set the copy of the environment',
        worker(type, `process.env.ORT_DISABLE_TELEMETRY = '1'; ${program}`),
        {},
      ],
      ['a thread in a thread', worker(type, worker(type, program)), {}],
      ['a process without a home', program, NOWHERE],
      ['a thread without a home', worker(type, program), NOWHERE],
    ])(`${entry}: from %s`, async (_, code, settings) => {
      const { stdout, stderr, files } = await ran(type, code, settings);
      expect(stdout).toBe('BAD_MODEL\n');
      expect(stderr).toBe('');
      expect(files.sort()).toEqual(EMPTY);
    });
  }

  test('nor from the processes and threads that a program starts that has loaded it', async () => {
    const child = `
      import('node:child_process').then(({ execFileSync }) =>
        console.log(String(execFileSync(process.execPath, ['-p', 'process.env.ORT_DISABLE_TELEMETRY']))));`;
    expect((await ran(type, LOAD[type]('onnx') + child)).stdout.trim()).toBe('1');
  });
});

describe('who has set the variable', () => {
  const program = LOAD.module('onnx') + OPEN;
  const shown = `${program} console.log(process.env.ORT_DISABLE_TELEMETRY);`;

  test.each(['0', ''])('to %j keeps it', async (value) => {
    const { stdout } = await ran('module', shown, { ORT_DISABLE_TELEMETRY: value });
    expect(stdout.split('\n')[0]).toBe(value);
  });

  // What the tests above watch for is there to be seen.
  (process.platform === 'linux' ? test : test.skip)('gets the reports of ONNX Runtime', async () => {
    for (const code of [program, worker('module', program)]) {
      const { files } = await ran('module', code, { ORT_DISABLE_TELEMETRY: '0' });
      expect(files.filter((file) => file.includes('onnxruntime')).length).toBeGreaterThan(0);
    }
  });
});
