import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll } from '@jest/globals';

/** A temporary folder for a test file, gone when its tests are done. */
export function temporaryFolder() {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-data-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    path: (name = '') => join(folder, name),
    async write(name: string, content: string | Uint8Array): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, name.endsWith('.gz') ? gzipSync(content) : content);
      return path;
    },
  };
}
