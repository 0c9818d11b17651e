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

/** Runs commands that must fail: status 2, one line with the code, a hint at most, nothing on stdout or on disk. */
async function refused(code: string, message: RegExp, ...commands: string[]): Promise<void> {
  const before = await filesIn(folder);
  for (const { status, stdout, stderr } of await Promise.all(
    commands.map((text) => towerkit(text.split(' '), folder)),
  )) {
    const lines = stderr.trimEnd().split('\n');
    const at = lines.findIndex((line) => line.startsWith('error '));
    const error = lines[at] ?? stderr;
    expect({ status, stdout, error }).toEqual({
      status: 2,
      stdout: '',
      error: expect.stringMatching(`^error ${code}: `),
    });
    expect(error).toMatch(message);
    expect(lines.length - at).toBeLessThanOrEqual(2);
  }
  expect(await filesIn(folder)).toEqual(before);
}

const TRAIN = 'train --config ring.mjs --out never/made/artifact';

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
    const message = /interactions\.csv, line 6: column "when": "soon" is neither/;
    await refused('BAD_ROW', message, `${TRAIN} --data ${data}`);
    const skip = ['--data', data, '--on-bad-row', 'skip', '--epochs', '1', '--out', 'skipped', '--json'];
    const run = await towerkit(['train', '--config', 'ring.mjs', ...skip], folder);
    expect(run.stderr).toContain('1 unusable rows skipped');
    expect(lastLine(run).dataset.interactions).toBe(interactionLines().length - 2);
  });

  test('a missing column lists the columns found', async () => {
    const data = await withLines('renamed', ([, ...lines]) => ['who,item,when', ...lines]);
    await refused(
      'MISSING_COLUMN',
      /no column "what"; it has "who", "item", "when"/,
      `${TRAIN} --data ${data}`,
    );
  });

  test('an empty split', async () => {
    const data = await withLines('single', ([head]) => [head, 'u0,i1,0', 'u1,i2,0']);
    await refused('EMPTY_SPLIT', /validation part/, `${TRAIN} --data ${data}`);
  });

  test('nobody with two items to learn from', async () => {
    const data = await withLines('pairs', ([head]) => [head, 'u0,i1,0', 'u0,i2,1', 'u1,i2,0', 'u1,i3,1']);
    await refused('EMPTY_DATA', /no user has two items/, `${TRAIN} --data ${data}`);
  });

  test('no data, data that is not there, data nobody described', async () => {
    await refused('FILE_NOT_FOUND', /no-such-folder/, `${TRAIN} --data no-such-folder`);
    await refused('UNKNOWN_DATASET', /of no known set/, 'train --out never --data ring');
    await refused('NO_DATA', /no data/, 'train --config amazon-video-games --out never');
  });
});

describe('config', () => {
  const refusedConfig = async (code: string, message: RegExp, text: string) => {
    await writeFile(join(folder, 'bad.mjs'), text);
    await refused(code, message, 'train --config bad.mjs --out never');
  };
  const wrong = (message: RegExp, settings: Record<string, unknown>) =>
    refusedConfig('BAD_CONFIG', message, ringConfig(settings));

  test('a typo names the key and the nearest one that exists', async () => {
    await wrong(/"bachSize"; did you mean "batchSize"\?/, { bachSize: 5 });
    await wrong(/"optimizer\.learningrate"; did you mean "learningRate"\?/, {
      optimizer: { learningrate: 1 },
    });
    await wrong(/there is no key "a\\nb"/, { 'a\nb': 5 }); // on one line, whatever it is called
    const columns = { user: 'u', itm: 'i', item: 'i' };
    await wrong(/"data\.dataset\.columns\.itm"; did you mean "item"\?/, { data: { dataset: { columns } } });
  });

  test('values that cannot be', async () => {
    await wrong(/bad\.mjs: epochs: /, { epochs: 0 });
    await wrong(/metrics\.1: "hits" is no metric/, { metrics: ['hr@5', 'hits'] });
    await wrong(/"mrr" is not among metrics/, { earlyStopping: { metric: 'mrr' } });
    const data = { path: 'ring', dataset: 'ml-100' };
    await refusedConfig('UNKNOWN_DATASET', /no data set "ml-100"/, ringConfig({ data }));
  });

  test('one that is missing, broken or empty', async () => {
    await refused('CONFIG_NOT_FOUND', /no config ring\.ts/, 'train --config ring.ts');
    await refusedConfig('BAD_CONFIG', /bad\.mjs:1: /, 'export default {');
    await refusedConfig('BAD_CONFIG', /no default export/, 'export const x = 1;');
    await refusedConfig('BAD_CONFIG', /Could not resolve "nowhere"/, `import 'nowhere';`);
  });

  test('one that throws', async () => {
    await refusedConfig('BAD_CONFIG', /it threw: oh no/, `throw new Error('oh no');`);
    const throwing = ringConfig().replace('model: (', `model: () => { throw new Error('no tower') }, ...(`);
    await refusedConfig('BAD_CONFIG', /model: it threw: no tower/, throwing);
  });

  test('an execution provider that cannot be had', async () => {
    await refusedConfig('PROVIDER_UNAVAILABLE', /'nowhere'/, ringConfig({ executionProviders: ['nowhere'] }));
  });

  test('features the catalog does not have', async () => {
    const text = ringConfig().replace('{ kind: {} }', '{ colour: {} }');
    await refusedConfig('MISSING_COLUMN', /no column "colour"/, text);
  });
});

describe('output', () => {
  test('a folder that cannot be made is refused before anything is read', async () => {
    const command = 'train --config ring.mjs --data no-such-folder --out';
    await refused(
      'UNWRITABLE',
      /cannot write/,
      `${command} ring/items.csv`,
      `${command} ring/items.csv/below`,
    );
    await refused('FOLDER_IN_USE', /holds other files/, `${command} ring`);
  });

  test('recommendations for all need a place and a known ending', async () => {
    const command = 'recommend --artifact good --all --out';
    await refused('UNKNOWN_FORMAT', /must end in/, `${command} lists.xml`);
    await refused('UNWRITABLE', /cannot write/, `${command} no-such-folder/lists.csv`);
  });
});

describe('artifact', () => {
  test('none there', async () => {
    const commands = ['evaluate --artifact nowhere', 'recommend --user u0 --artifact nowhere'];
    await refused('ARTIFACT_NOT_FOUND', /no artifact/, ...commands);
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
      (at) => flip(join(at, 'histories.parquet')),
    ],
    ['with a broken manifest', /manifest\.json is not JSON/, (at) => truncate(join(at, 'manifest.json'), 50)],
    ['of another layout', /version 99/, (at) => edit(at, /"schemaVersion": 2/, '"schemaVersion": 99')],
    ['with an edited manifest', /do not fit/, (at) => edit(at, /"items": 40/, '"items": 41')],
    [
      'that lists too little',
      /lists no items\.parquet/,
      (at) => edit(at, /"items\.parquet": \{[^}]*\},/, ''),
    ],
  ])('%s', async (_, message, damage) => {
    await cp(join(folder, 'good'), join(folder, 'damaged'), { recursive: true });
    await damage(join(folder, 'damaged'));
    await refused(
      'BAD_ARTIFACT',
      message,
      'evaluate --artifact damaged',
      'recommend --user u0 --artifact damaged',
    );
    await removeFolder(join(folder, 'damaged'));
  });

  async function flip(path: string): Promise<void> {
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] ^= 1;
    await writeFile(path, bytes);
  }

  async function edit(artifact: string, from: RegExp, to: string): Promise<void> {
    const path = join(artifact, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  }

  test('unknown users, items and targets', async () => {
    await refused('UNKNOWN_USER', /"nobody"/, 'recommend --artifact good --user nobody');
    await refused('UNKNOWN_ITEM', /items x, y/, 'recommend --artifact good --history i1,x,y');
    const command = 'evaluate --artifact good --targets';
    await refused('FILE_NOT_FOUND', /none\.csv/, `${command} none.csv`);
    await writeFile(join(folder, 'other.csv'), 'user,item\na,b\n');
    await refused('MISSING_COLUMN', /no column "who"; it has "user", "item"/, `${command} other.csv`);
    await writeFile(join(folder, 'strangers.csv'), 'who,what\na,b\n');
    await refused('NO_OVERLAP', /none of its users is known/, `${command} strangers.csv`);
  });
});

test.each([
  ['frobnicate', /unknown command 'frobnicate'/],
  ['train --epoch 3', /unknown option '--epoch'/],
  ['train --epochs many', /whole number/],
  ['train --engine steam', /onnx, tfjs/],
  ['evaluate', /--artifact/],
  ['recommend --artifact good', /one of --user/],
  ['recommend --artifact good --user u0 --all --out x.csv', /one of --user/],
  ['recommend --artifact good --all', /go together/],
  ['train ring', /too many arguments/],
])('%s: no such usage', (command, message) => refused('BAD_USAGE', message, command));
