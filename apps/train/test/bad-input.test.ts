import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  filesIn,
  interactionLines,
  lastLine,
  removeFolder,
  ringConfig,
  towerkit,
  workFolder,
  writeRing,
} from './command.js';

let folder: string;

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  const { status } = await towerkit(
    ['train', '--config', 'ring.mjs', '--epochs', '1', '--out', 'good'],
    folder,
  );
  expect(status).toBe(0);
});
afterAll(() => removeFolder(folder));

/** Runs a command that must fail: status 2, one line with the code, a hint at most, nothing on stdout or on disk. */
async function refused(code: string, message: RegExp, ...args: string[]): Promise<void> {
  const before = await filesIn(folder);
  const { status, stdout, stderr } = await towerkit(args, folder);
  const lines = stderr.trimEnd().split('\n');
  const error = lines.findIndex((line) => line.startsWith('error '));
  expect({ status, stdout, error: lines[error] }).toEqual({
    status: 2,
    stdout: '',
    error: expect.stringMatching(`^error ${code}: `),
  });
  expect(lines[error]).toMatch(message);
  expect(lines.length - error).toBeLessThanOrEqual(2);
  expect(await filesIn(folder)).toEqual(before);
}

const train = ['train', '--config', 'ring.mjs', '--out', 'never/made/artifact'];

describe('data', () => {
  /** A copy of the ring with other lines of interactions. */
  async function withLines(name: string, edit: (lines: string[]) => string[]): Promise<string> {
    await cp(join(folder, 'ring'), join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'interactions.csv'), `${edit(interactionLines()).join('\n')}\n`);
    return name;
  }

  test('a malformed row names file, line and column, or is skipped and counted', async () => {
    const data = await withLines('malformed', (lines) =>
      lines.map((line, i) => (i === 5 ? 'u0,i7,soon' : line)),
    );
    await refused(
      'BAD_ROW',
      /interactions\.csv, line 6: column "when": "soon" is neither/,
      ...train,
      '--data',
      data,
    );
    const skip = ['--data', data, '--on-bad-row', 'skip', '--epochs', '1', '--json'];
    const run = await towerkit(['train', '--config', 'ring.mjs', '--out', 'skipped', ...skip], folder);
    expect(run.stderr).toContain('1 unusable rows skipped');
    expect(lastLine(run).dataset.interactions).toBe(interactionLines().length - 2);
  });

  test('a missing column lists the columns found', async () => {
    const data = await withLines('renamed', ([, ...lines]) => ['who,item,when', ...lines]);
    await refused(
      'MISSING_COLUMN',
      /no column "what"; it has "who", "item", "when"/,
      ...train,
      '--data',
      data,
    );
  });

  test('an empty split', async () => {
    const data = await withLines('single', ([head]) => [head, 'u0,i1,0', 'u1,i2,0']);
    await refused('EMPTY_SPLIT', /validation part/, ...train, '--data', data);
  });

  test('nobody with two items to learn from', async () => {
    const data = await withLines('pairs', ([head]) => [head, 'u0,i1,0', 'u0,i2,1', 'u1,i2,0', 'u1,i3,1']);
    await refused('EMPTY_DATA', /no user has two items/, ...train, '--data', data);
  });

  test('no data, data that is not there, data nobody described', async () => {
    await refused('FILE_NOT_FOUND', /no-such-folder/, ...train, '--data', 'no-such-folder');
    await refused('UNKNOWN_DATASET', /of no known set/, 'train', '--out', 'never', '--data', 'ring');
    await refused('NO_DATA', /no data/, 'train', '--config', 'amazon-video-games', '--out', 'never');
  });
});

describe('config', () => {
  const config = async (text: string) => {
    await writeFile(join(folder, 'bad.mjs'), text);
    return ['train', '--config', 'bad.mjs', '--out', 'never'];
  };

  test('a typo names the key and the nearest one that exists', async () => {
    await refused(
      'BAD_CONFIG',
      /"postions"; did you mean "positions"\?/,
      ...(await config(ringConfig({ postions: 5 }))),
    );
    const nested = ringConfig({ optimizer: { learningrate: 1 } });
    await refused(
      'BAD_CONFIG',
      /"optimizer\.learningrate"; did you mean "learningRate"\?/,
      ...(await config(nested)),
    );
    const deep = `export default { name: 'x', data: { dataset: { columns: { user: 'u', itm: 'i', item: 'i' } } } }`;
    await refused(
      'BAD_CONFIG',
      /"data\.dataset\.columns\.itm"; did you mean "item"\?/,
      ...(await config(deep)),
    );
  });

  test('values that cannot be', async () => {
    await refused('BAD_CONFIG', /bad\.mjs: epochs: /, ...(await config(ringConfig({ epochs: 0 }))));
    await refused(
      'BAD_CONFIG',
      /metrics\.1: "hits" is no metric/,
      ...(await config(ringConfig({ metrics: ['hr@5', 'hits'] }))),
    );
    const unmeasured = ringConfig({ earlyStopping: { metric: 'mrr' } });
    await refused('BAD_CONFIG', /"mrr" is not among metrics/, ...(await config(unmeasured)));
    await refused(
      'UNKNOWN_DATASET',
      /"ml-100"/,
      ...(await config(ringConfig({ data: { path: 'ring', dataset: 'ml-100' } }))),
    );
  });

  test('one that is missing, broken, empty, or throws', async () => {
    await refused('CONFIG_NOT_FOUND', /no config ring\.ts/, 'train', '--config', 'ring.ts');
    await refused('BAD_CONFIG', /bad\.mjs:1: /, ...(await config('export default {')));
    await refused('BAD_CONFIG', /no default export/, ...(await config('export const x = 1;')));
    await refused('BAD_CONFIG', /it threw: oh no/, ...(await config(`throw new Error('oh no');`)));
    await refused('BAD_CONFIG', /Could not resolve "nowhere"/, ...(await config(`import 'nowhere';`)));
    const throwing = ringConfig().replace('model: (', `model: () => { throw new Error('no tower') }, ...(`);
    await refused('BAD_CONFIG', /model: it threw: no tower/, ...(await config(throwing)));
  });

  test('features the catalog does not have', async () => {
    const text = ringConfig().replace('{ kind: {} }', '{ colour: {} }');
    await refused('MISSING_COLUMN', /no column "colour"/, ...(await config(text)));
  });
});

describe('output', () => {
  test('a folder that cannot be made is refused before anything is read', async () => {
    const args = ['train', '--config', 'ring.mjs', '--data', 'no-such-folder', '--out'];
    await refused('UNWRITABLE', /cannot write/, ...args, 'ring/items.csv');
    await refused('UNWRITABLE', /cannot write/, ...args, 'ring/items.csv/below');
    await refused('FOLDER_IN_USE', /holds other files/, ...args, 'ring');
  });

  test('recommendations for all need a place and a known ending', async () => {
    const all = ['recommend', '--artifact', 'good', '--all', '--out'];
    await refused('UNKNOWN_FORMAT', /must end in/, ...all, 'lists.xml');
    await refused('UNWRITABLE', /cannot write/, ...all, 'no-such-folder/lists.csv');
  });
});

describe('artifact', () => {
  const commands = [['evaluate'], ['recommend', '--user', 'u0']];

  test('none there', async () => {
    for (const command of commands)
      await refused('ARTIFACT_NOT_FOUND', /no artifact/, ...command, '--artifact', 'nowhere');
  });

  test.each<[string, RegExp, (artifact: string) => Promise<void>]>([
    [
      'cut short',
      /weights\.safetensors has \d+ bytes/,
      (at) => truncate(join(at, 'weights.safetensors'), 100),
    ],
    [
      'with a file missing',
      /item_vectors\.safetensors is missing/,
      (at) => rm(join(at, 'item_vectors.safetensors')),
    ],
    [
      'with a byte changed',
      /histories\.parquet is not what was written/,
      async (at) => {
        const bytes = await readFile(join(at, 'histories.parquet'));
        bytes[bytes.length >> 1] ^= 1;
        await writeFile(join(at, 'histories.parquet'), bytes);
      },
    ],
    ['with a broken manifest', /manifest\.json is not JSON/, (at) => truncate(join(at, 'manifest.json'), 50)],
    ['of another layout', /version 99/, (at) => edit(at, /"schemaVersion": 1/, '"schemaVersion": 99')],
    [
      'with an edited manifest',
      /item vectors|items do not fit/,
      (at) => edit(at, /"items": 40/, '"items": 41'),
    ],
  ])('%s', async (_, message, damage) => {
    await cp(join(folder, 'good'), join(folder, 'damaged'), { recursive: true });
    await damage(join(folder, 'damaged'));
    for (const command of commands)
      await refused('BAD_ARTIFACT', message, ...command, '--artifact', 'damaged');
    await removeFolder(join(folder, 'damaged'));
  });

  async function edit(artifact: string, from: RegExp, to: string): Promise<void> {
    const path = join(artifact, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  }

  test('unknown users, items and targets', async () => {
    await refused('UNKNOWN_USER', /"nobody"/, 'recommend', '--artifact', 'good', '--user', 'nobody');
    await refused('UNKNOWN_ITEM', /items x, y/, 'recommend', '--artifact', 'good', '--history', 'i1,x,y');
    await refused('FILE_NOT_FOUND', /none\.csv/, 'evaluate', '--artifact', 'good', '--targets', 'none.csv');
    await writeFile(join(folder, 'other.csv'), 'user,item\na,b\n');
    await refused(
      'MISSING_COLUMN',
      /no column "who"; it has "user", "item"/,
      'evaluate',
      '--artifact',
      'good',
      '--targets',
      'other.csv',
    );
    await writeFile(join(folder, 'strangers.csv'), 'who,what\na,b\n');
    await refused(
      'NO_USERS',
      /can be evaluated/,
      'evaluate',
      '--artifact',
      'good',
      '--targets',
      'strangers.csv',
    );
  });
});

test.each([
  [['frobnicate'], /unknown command 'frobnicate'/],
  [['train', '--epoch', '3'], /unknown option '--epoch'/],
  [['train', '--epochs', 'many'], /whole number/],
  [['train', '--engine', 'steam'], /onnx, tfjs/],
  [['evaluate'], /--artifact/],
  [['recommend', '--artifact', 'good'], /one of --user/],
  [['recommend', '--artifact', 'good', '--user', 'u0', '--all', '--out', 'x.csv'], /one of --user/],
  [['recommend', '--artifact', 'good', '--all'], /go together/],
  [['train', 'ring'], /too many arguments/],
])('%j is no usage', async (args, message) => {
  await refused('BAD_USAGE', message, ...args);
});
