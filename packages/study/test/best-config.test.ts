import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '@towerkit/pipeline/config-files';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bestConfig } from '../src/tune/best-config.js';

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'best-')));
  await mkdir(join(folder, 'found'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a config that extends another and loads: nested keys spread, lists whole, the rest as it was', async () => {
  await writeFile(
    join(folder, 'base.ts'),
    `export default { name: 'base', epochs: 4, optimizer: { learningRate: 0.1, warmup: 3 }, negatives: [{ kind: 'uniform', count: 9 }] };`,
  );
  const base = await loadConfig(join(folder, 'base.ts'));
  const file = join(folder, 'found/best.ts');
  const point = {
    'optimizer.learningRate': 0.25,
    'optimizer.tables.learningRate': 0.5,
    'negatives.0.count': 33,
    earlyStopping: false,
    'start.als.alpha': 4,
    engine: 'tfjs',
  };
  await writeFile(file, bestConfig(base, file, "it's best", point, 'Why.'));
  await expect(loadConfig(file)).rejects.toMatchObject({ code: 'BAD_CONFIG' }); // no such name
  await writeFile(file, bestConfig(base, file, 'best', point, 'Why.'));
  const { config } = await loadConfig(file);
  expect(config).toMatchObject({
    name: 'best',
    epochs: 4,
    optimizer: { learningRate: 0.25, warmup: 3, tables: { learningRate: 0.5 } },
    negatives: [{ kind: 'uniform', count: 33 }],
    earlyStopping: false,
    start: { als: { alpha: 4 } },
    engine: 'tfjs',
  });
});

test('without a change it is the config under another name', () => {
  const base = { file: '/a/base.json', config: {} };
  expect(bestConfig(base, '/a/b/best.ts', 'best', {}, 'Why.')).toBe(
    `import base from '../base.json';\n\n/** Why. */\nexport default {\n  ...base,\n  name: 'best',\n};\n`,
  );
});
