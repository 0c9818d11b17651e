import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { BIN, lastLine, removeFolder, start, towerkit, workFolder, writeRing } from './command.js';

const posix = process.platform === 'win32' ? test.skip : test;
const linux = process.platform === 'linux' ? test : test.skip;

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder, { epochs: 2 });
  const { status, stderr } = await towerkit(
    ['baseline', 'popularity', '--config', 'ring.mjs', '--out', 'model'],
    folder,
  );
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => removeFolder(folder));

const RECOMMEND = ['recommend', '--artifact', 'model', '--history', 'i1', '-k', '40'];
const train = (out: string) => ['train', '--config', 'ring.mjs', '--out', out];
const written = (out: string) => access(join(folder, out, 'manifest.json'));

/** Runs the command in a shell line, where it is called `towerkit`. */
async function shell(line: string) {
  const program = `towerkit() { ${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} "$@"; }\n${line}`;
  const child = spawn('bash', ['-c', program], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'exit')) as [number | null];
  const [stdout, stderr] = await said;
  return { status, stdout, stderr };
}

describe('a reader that is gone', () => {
  test.each([
    ['the help', ['--help']],
    ['an answer', RECOMMEND],
    ['an answer for programs', [...RECOMMEND, '--json']],
    ['an evaluation', ['evaluate', '--artifact', 'model']],
  ])('of %s ends nothing and is no error', async (_, args) => {
    const { child, ended } = start(args, folder);
    child.stdout!.destroy();
    expect(await ended).toEqual({ status: 0, stdout: '', stderr: expect.not.stringContaining('Error') });
  });

  posix('after a line, or at once, in a shell', async () => {
    const line = (reader: string) => `towerkit ${RECOMMEND.join(' ')} | ${reader}; echo "\${PIPESTATUS[0]}"`;
    expect(await shell(line('head -1'))).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^.*\n0\n$/),
      stderr: '',
    });
    expect(await shell(line('true'))).toEqual({ status: 0, stdout: '0\n', stderr: '' });
  });

  test('of the messages: a mistake is still told by the status', async () => {
    const { child, ended } = start(['recommend', '--artifact', 'none', '--history', 'i1'], folder);
    child.stderr!.destroy();
    expect((await ended).status).toBe(2);
  });

  test.each([
    ['stderr', ['stderr']],
    ['both', ['stdout', 'stderr']],
  ] as const)('of %s does not end a training', async (name, gone) => {
    const { child, ended } = start([...train(name), '--json'], folder);
    for (const stream of gone) child[stream]!.destroy();
    const { status, stdout } = await ended;
    expect(status).toBe(0);
    if (name === 'stderr') expect(lastLine({ status, stdout, stderr: '' }).artifact).toBe(name);
    await written(name);
  });
});

posix.each(['>&-', '2>&-', '<&- >&- 2>&-'])('a training with %s writes its artifact', async (closed) => {
  const out = `closed${closed.length}`;
  expect((await shell(`towerkit ${train(out).join(' ')} ${closed}`)).status).toBe(0);
  await written(out);
});

describe('a full disk', () => {
  linux('under the answer is an error', async () => {
    const { status, stderr } = await shell(`towerkit ${RECOMMEND.join(' ')} > /dev/full`);
    expect(stderr).toMatch(/^error UNWRITABLE: stdout cannot be written: ENOSPC.*\n {2}\S.*\n$/);
    expect(status).toBe(2);
  });

  linux('under the figures or the messages of a training leaves the artifact', async () => {
    const { status, stderr } = await shell(`towerkit ${train('full').join(' ')} > /dev/full`);
    expect(stderr).toContain('error UNWRITABLE: stdout');
    expect(status).toBe(2);
    await written('full');
    expect((await shell(`towerkit ${train('full2').join(' ')} 2> /dev/full`)).status).toBe(2);
    await written('full2');
  });
});

posix('a terminal that closes saves a training, however often it says so', async () => {
  const { child, ended } = start([...train('hung'), '--epochs', '400'], folder);
  const log = join(folder, 'hung.run/metrics.jsonl');
  const epochs = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1;
  while (child.exitCode === null && (await epochs()) < 1) await new Promise((next) => setTimeout(next, 10));
  for (const stream of ['stdout', 'stderr'] as const) child[stream]!.destroy();
  const again = setInterval(() => child.kill('SIGHUP'), 5);
  const { status } = await ended;
  clearInterval(again);
  expect(status).toBe(130);
  await expect(written('hung')).rejects.toThrow('ENOENT');

  const resumed = await towerkit(
    [...train('hung'), '--epochs', String((await epochs()) + 1), '--resume'],
    folder,
  );
  expect(resumed.status).toBe(0);
  expect(resumed.stderr).not.toMatch(/nothing to resume|epoch 1:/);
  await written('hung');
});

/** Sends SIGHUP as soon as the command asks for its first module, and says so. */
const HOOK = `
import { writeSync } from 'node:fs';
export function resolve(specifier, context, next) {
  if (specifier.endsWith('/cli.js')) {
    process.kill(process.pid, 'SIGHUP');
    writeSync(2, 'hung up');
  }
  return next(specifier, context);
}`;
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const REGISTER = dataUrl(`
import { register } from 'node:module';
register(${JSON.stringify(dataUrl(HOOK))});`);

posix('SIGHUP does not end a server that starts', async () => {
  const { child, ended } = start(['serve', '--artifact', 'model', '--port', '0', '--json'], folder, {
    NODE_OPTIONS: `--import ${REGISTER}`,
  });
  await Promise.race([once(child.stderr!, 'data'), ended]);
  const again = setInterval(() => child.kill('SIGHUP'), 20);
  await Promise.race([once(child.stdout!, 'data'), ended]);
  clearInterval(again);
  child.kill('SIGTERM');
  const { status, stdout, stderr } = await ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.anything() });
  expect(stdout).toContain('"url"');
});
