import { expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';

import { D, type Fixture } from './fixture.js';
import { clustered, columnsOf, itemsOf } from './vectors.js';

/** Items that are added, changed and removed after a build, and an index that is closed. */
export function changes({ all, few, queries, at, open, filled, load, expectAnswers }: Fixture): void {
  test('an empty index', async () => {
    const index = await open();
    expect(index.size).toBe(0);
    expect((await index.search(queries.row(0), 3)).ids).toHaveLength(0);
    expect(await index.searchBatch(new Matrix(0, D), 3)).toEqual([]);
    const path = at('empty');
    await index.save(path);
    const other = await load(path);
    expect(other.size).toBe(0);
    const { vectors, ids, attributes } = columnsOf(few);
    await other.add(vectors, { ids, attributes });
    await expectAnswers(other, few);
    await other.build(new Matrix(0, D));
    expect(other.size).toBe(0);
  });

  test('deletes, updates and additions without a build', async () => {
    const index = await filled(few);
    const gone = few.slice(20, 60).map(({ id }) => id);
    await index.remove(gone);
    await expectAnswers(index, [...few.slice(0, 20), ...few.slice(60)]);
    const moved = few
      .slice(0, 30)
      .map((item, i) => ({ ...item, vector: all[500 + i].vector, price: 5_000 + i }));
    const fresh = itemsOf(clustered(40, D, 8), 2_000_000);
    const { vectors, ids, attributes } = columnsOf([...moved, ...fresh]);
    await index.add(vectors, { ids, attributes });
    const now = [...moved, ...few.slice(60), ...fresh];
    expect(index.size).toBe(now.length);
    await expectAnswers(index, now);
    await expectAnswers(index, moved, { filter: { where: { price: { gte: 5_000, lt: 6_000 } } }, k: 50 });
    await index.compact?.();
    expect((await index.stats()).tombstones ?? 0).toBe(0);
    await expectAnswers(index, now);
    await expectAnswers(index, moved, { filter: { where: { price: { gte: 5_000, lt: 6_000 } } }, k: 50 });
  });

  test('calls that do not wait for each other', async () => {
    const index = await filled(few);
    const { vectors, ids, attributes } = columnsOf(all.slice(200, 300));
    await Promise.all([
      index.add(vectors, { ids, attributes }),
      index.search(queries.row(0), 10),
      index.searchBatch(queries, 10),
      index.remove([few[0].id]),
      index.add(columnsOf([few[0]]).vectors, { ids: [few[0].id] }),
      index.searchBatch(queries, 10),
    ]);
    await expectAnswers(index, all.slice(0, 300));
  });

  test('attributes that come later, and not at all', async () => {
    const index = await open();
    const { vectors, ids, attributes } = columnsOf(few.slice(0, 20));
    await index.build(vectors, { ids });
    await expect(index.search(queries.row(0), 1, { filter: { where: { price: 1 } } })).rejects.toMatchObject({
      code: 'BAD_FILTER',
    });
    const later = few.slice(20, 40);
    await index.add(columnsOf(later).vectors, {
      ids: later.map(({ id }) => id),
      attributes: { rare: later.map(() => true) },
    });
    await expectAnswers(index, later, { filter: { where: { rare: true } }, k: 30 });
    await expectAnswers(index, few.slice(0, 20), { filter: { where: { rare: null } }, k: 30 });
    await index.build(vectors, { ids, attributes });
    await expectAnswers(index, few.slice(0, 20), { filter: { where: { price: { gte: 0 } } }, k: 30 });
  });

  test('CLOSED', async () => {
    const index = await filled(few);
    await index.close();
    await index.close();
    for (const call of [
      () => index.search(queries.row(0), 1),
      () => index.remove([few[0].id]),
      () => index.stats(),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'CLOSED' });
  });
}
