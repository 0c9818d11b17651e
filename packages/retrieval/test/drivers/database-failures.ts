import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import type { VectorIndex } from '../../src/index.js';
import { randomVectors } from './oracle.js';
import { Proxy } from './proxy.js';

export interface DatabaseUnderTest {
  /** Starts the server, once. @returns its port */
  start(): Promise<number>;
  stop(): Promise<void>;
  /** An index under this name at a port, with batches of 50. */
  open(port: number, name: string, timeout: number): Promise<VectorIndex>;
  /** Whether an add of several batches is all or nothing. */
  readonly atomicAdd: boolean;
}

const DIMENSIONS = 32;
const ITEMS = 400;

/** What holds of every database when the network or the server fails: stable codes, and the old index still served. */
export function databaseFailureTests(database: DatabaseUnderTest): void {
  describe('when the server fails', () => {
    const rng = new Rng(7);
    const vectors = randomVectors(rng, ITEMS, DIMENSIONS);
    const others = randomVectors(rng, ITEMS, DIMENSIONS);
    let port: number;
    let proxy: Proxy;
    let names = 0;

    beforeAll(async () => {
      port = await database.start();
      proxy = await Proxy.to(port);
    });
    afterAll(async () => {
      await proxy.close();
      await database.stop();
    });

    const twice = async (timeout = 20_000) => {
      const name = `failing_${names++}`;
      const direct = await database.open(port, name, 20_000);
      await direct.build(vectors);
      const index = await database.open(proxy.port, name, timeout);
      return { name, direct, index, close: () => Promise.all([direct.close(), index.close()]) };
    };
    const answers = async (index: VectorIndex) =>
      (await index.searchBatch(vectors, 5)).map(({ ids }) => [...ids]);

    test('a port where nobody listens is UNAVAILABLE', async () => {
      const nobody = await Proxy.to(port);
      const closed = nobody.port;
      await nobody.close();
      await expect(database.open(closed, 'nobody', 5000)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        hint: expect.any(String),
      });
    });

    test('a connection that breaks is UNAVAILABLE, and the same index works when it is back', async () => {
      const { index, close } = await twice(3000);
      const before = await answers(index);
      proxy.breakAfter(0);
      await expect(index.search(vectors.row(0), 5)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(index.remove([1])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      proxy.heal();
      expect(await eventually(() => answers(index))).toEqual(before);
      await close();
    });

    test('a server that stalls is TIMEOUT, and the same index works when it goes on', async () => {
      const { index, direct, close } = await twice(3000);
      const before = await answers(direct);
      proxy.stall();
      await expect(index.search(vectors.row(0), 5)).rejects.toMatchObject({ code: 'TIMEOUT' });
      await expect(index.add(others, { ids: [...Array(ITEMS).keys()] })).rejects.toMatchObject({
        code: 'TIMEOUT',
      });
      proxy.resume();
      expect(await eventually(() => answers(index))).toHaveLength(before.length);
      await close();
    });

    test('one that dies half way through a build: the old index is served, by this client and by others', async () => {
      const { index, direct, close } = await twice(3000);
      const before = await answers(direct);
      let written = 0;
      const build = index.build(others, {
        onProgress: ({ done }) => {
          written = done;
          if (done >= ITEMS / 2) proxy.breakAfter(0);
        },
      });
      await expect(build).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(written).toBeLessThan(ITEMS);
      expect(await answers(direct)).toEqual(before);
      proxy.heal();
      expect(await eventually(() => answers(index))).toEqual(before);
      expect(index.size).toBe(ITEMS);
      await index.build(others);
      expect((await index.search(others.row(3), 1)).ids).toHaveLength(1);
      await close();
    });

    test('one that dies half way through an add', async () => {
      const { index, direct, close } = await twice(3000);
      const before = await answers(direct);
      const ids = Array.from({ length: ITEMS }, (_, i) => ITEMS + i);
      const zeros = new Matrix(ITEMS, DIMENSIONS);
      proxy.breakAfter(ITEMS * DIMENSIONS); // a byte a value: some of it passes
      await expect(index.add(zeros, { ids })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await answers(direct)).toEqual(before);
      proxy.heal();
      expect(await eventually(() => answers(index))).toEqual(before);
      if (database.atomicAdd)
        expect((await direct.search(vectors.row(0), 3 * ITEMS)).ids).toHaveLength(ITEMS);
      await index.add(zeros, { ids }); // once more, and all of it is there
      expect((await direct.search(vectors.row(0), 3 * ITEMS)).ids).toHaveLength(2 * ITEMS);
      await close();
    });

    test('a build that is called off leaves the old index', async () => {
      const { index, close } = await twice();
      const before = await answers(index);
      const stop = new AbortController();
      const reason = new Error('enough');
      const build = index.build(others, { signal: stop.signal, onProgress: () => stop.abort(reason) });
      await expect(build).rejects.toBe(reason);
      expect(await answers(index)).toEqual(before);
      await close();
    });
  });
}

/** The result of the first try that works, for some seconds: a client may wait before it connects anew. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + 15_000; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
