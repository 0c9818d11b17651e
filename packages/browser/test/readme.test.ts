import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { artifactOf } from './folders.js';

test('the README example runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-browser-'));
  const env = { ARTIFACT: artifactOf('tower'), OUT: join(folder, 'model') };
  try {
    expect(await runReadme(join(import.meta.dirname, '..'), { env })).toBe(
      'item_vectors.safetensors items.json manifest.json user_tower.onnx\n',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
