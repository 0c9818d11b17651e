import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseManifest, printManifest } from '../../src/files/manifest.js';
import { D, type Fixture } from './fixture.js';
import { clustered, columnsOf, itemsOf } from './vectors.js';

/** Indexes that are saved and loaded, and files that are damaged in between. */
export function savedFiles({ all, few, size, at, filled, load, expectAnswers }: Fixture): void {
  test('saved and loaded: the same answers, and changes after that', async () => {
    const index = await filled(all);
    const path = at('saved');
    await index.save(path);
    await index.save(path); // in place of the first
    const other = await load(path);
    expect(other).toMatchObject({ driver: index.driver, size, dimensions: D, metric: 'ip' });
    await expectAnswers(other, all);
    await expectAnswers(
      other,
      all.filter(({ price }) => price < 50),
      { filter: { where: { price: { lt: 50 } } } },
    );
    const more = itemsOf(clustered(50, D, 3), 1_000_000);
    const { vectors, ids, attributes } = columnsOf(more);
    await other.remove(few.map(({ id }) => id));
    await other.add(vectors, { ids, attributes });
    await expectAnswers(other, [...all.slice(200), ...more]);
  });

  test('a saved index that is cut off, changed or gone', async () => {
    const index = await filled(few);
    const path = at('broken');
    await index.save(path);
    for (const name of await readdir(path)) {
      const file = join(path, name);
      const bytes = await readFile(file);
      const changed = Uint8Array.from(bytes);
      changed[bytes.length >> 1] ^= 0x55;
      const damages: (() => Promise<void>)[] = [
        () => truncate(file, bytes.length >> 1),
        () => truncate(file, 0),
        () => appendFile(file, 'x'),
        () => writeFile(file, changed),
        () => rm(file),
      ];
      for (const damage of damages) {
        await damage();
        await expect(load(path)).rejects.toMatchObject({
          code: expect.stringMatching(
            name === 'index.json' ? /^(BAD_INDEX|INDEX_NOT_FOUND)$/ : /^BAD_INDEX$/,
          ),
        });
        await writeFile(file, bytes);
      }
    }
    await expectAnswers(await load(path), few);
    await expect(load(at('nowhere'))).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  test('a manifest that is a folder, a link or no JSON, and a folder that leads nowhere', async () => {
    const index = await filled(few);
    const path = at('strange');
    await index.save(path);
    const manifest = join(path, 'index.json');
    for (const put of [
      () => mkdir(manifest),
      () => symlink('index.json', manifest),
      () => symlink('/dev/zero', manifest),
      () => writeFile(manifest, '{"format": '),
      () => writeFile(manifest, 'null'),
    ]) {
      await rm(manifest, { recursive: true });
      await put();
      await expect(load(path)).rejects.toMatchObject({ code: 'BAD_INDEX' });
    }
    await symlink('loop', at('loop'));
    await expect(load(at('loop'))).rejects.toMatchObject({ code: 'BAD_INDEX' });
  });

  test('ids that are none, though the checksums fit', async () => {
    const index = await filled(few);
    const path = at('ids');
    await index.save(path);
    const file = join(path, 'ids.f64');
    if (!(await readdir(path)).includes('ids.f64')) return; // a database keeps them
    const about = parseManifest(await readFile(join(path, 'index.json'), 'utf8'));
    const ids = new Float64Array(Uint8Array.from(await readFile(file)).buffer);
    for (const bad of [0.5, NaN, Infinity, -2, -Infinity, 2 ** 53, 5e-324, -1, ids[1]]) {
      const bytes = Buffer.from(Float64Array.from(ids, (id, slot) => (slot === 0 ? bad : id)).buffer);
      await writeFile(file, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const files = { ...about.files, 'ids.f64': { bytes: bytes.length, sha256 } };
      await writeFile(join(path, 'index.json'), printManifest({ ...about, files }));
      await expect(load(path)).rejects.toMatchObject({ code: 'BAD_INDEX' });
    }
    expect(index.largestId).toBe(Math.max(...few.map(({ id }) => id)));
  });
}
