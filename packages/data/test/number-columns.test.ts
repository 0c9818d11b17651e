import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  dedupe,
  encodeInteractions,
  kCore,
  leaveLastOut,
  readInteractions,
  takeColumns,
  type InteractionColumns,
  type InteractionLog,
} from '../src/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-numbers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (text: string) => {
  const path = join(folder, 'taken.csv');
  await writeFile(path, text);
  return path;
};
const columns = {
  ...{ user: 'user', item: 'item', time: 'at' },
  ...{ more: { device: 'device' }, numbers: { user: 'basket' }, dates: { due: 'due' } },
};

test('columns of numbers and dates come along under names of their own; what is missing is NaN', async () => {
  const path = await write(
    'user,item,at,device,basket,due\nbo,hat,2,phone,3.5,1970-01-02\nann,hat,1,,NA,\nbo,scarf,1,web,,7\n',
  );
  const log = await readInteractions({ path, columns });
  expect(log.users.names).toEqual(['bo', 'ann']);
  expect(log.more).toEqual({ device: ['web', 'phone', ''] });
  expect(log.numbers).toEqual({
    user: Float64Array.of(NaN, 3.5, NaN),
    due: Float64Array.of(7, 86400, NaN),
  });
});

test('names may differ by case alone, or be the same among texts and numbers; of numbers and dates they differ', async () => {
  const path = await write('user,item,a,b\nbo,hat,1,2\n');
  const read = (own: Partial<InteractionColumns>) =>
    readInteractions({ path, columns: { user: 'user', item: 'item', ...own } });
  const { more, numbers } = await read({ more: { n: 'a', N: 'b' }, numbers: { n: 'b' }, dates: { N: 'a' } });
  expect(more).toEqual({ n: ['1'], N: ['2'] });
  expect(numbers).toEqual({ n: Float64Array.of(2), N: Float64Array.of(1) });
  await expect(read({ numbers: { n: 'a' }, dates: { n: 'b' } })).rejects.toMatchObject({
    code: 'BAD_OPTION',
    hint: expect.any(String),
  });
});

test('a value that is none is named with its line, or its row is left out', async () => {
  const path = await write('user,item,at,device,basket,due\nbo,hat,2,phone,3,\nbo,hat,2,phone,many,\n');
  await expect(readInteractions({ path, columns })).rejects.toMatchObject({
    code: 'BAD_ROW',
    message: expect.stringContaining('line 3: column "basket": "many" is not a number'),
  });
  expect((await readInteractions({ path, columns, onBadRow: 'skip' })).user).toHaveLength(1);
});

/** Every row says in its own columns whose and which it is. */
function labelled(rows: readonly (readonly [user: string, item: string])[]): InteractionLog {
  return encodeInteractions({
    user: rows.map(([user]) => user),
    item: rows.map(([, item]) => item),
    time: rows.map((_, row) => (row * 7) % rows.length),
    more: { label: rows.map(([user, item]) => `${user} ${item}`) },
    numbers: { code: rows.map(([user, item]) => 100 * Number(user.slice(1)) + Number(item.slice(1))) },
  });
}

test('they stay with their rows through ordering, cleaning, the k-core and a split', () => {
  const rows = Array.from({ length: 60 }, (_, n) => [`u${n % 9}`, `i${(n * n) % 13}`] as const);
  const log = kCore(labelled(rows), { users: 3, items: 4 });
  const marks = dedupe('last').keep(log);
  expect(marks.includes(0)).toBe(true);
  const { train, validation, rows: logRows } = leaveLastOut(log);
  const label = (user: number, item: number) => `${log.users.nameOf(user)} ${log.items.nameOf(item)}`;
  for (const [part, own] of [
    [train, logRows!.train],
    [validation, logRows!.validation],
  ] as const) {
    const taken = takeColumns({ ...log.more, ...log.numbers }, own);
    for (let user = 0; user < part.rows; user++)
      for (let k = part.indptr[user]; k < part.indptr[user + 1]; k++) {
        expect(taken.label[k]).toBe(label(user, part.indices[k]));
        const [u, i] = label(user, part.indices[k]).match(/\d+/g)!.map(Number);
        expect(taken.code[k]).toBe(100 * u + i);
      }
  }
});

test.each([
  ['SHAPE_MISMATCH', { more: { device: ['x'] } }],
  ['SHAPE_MISMATCH', { numbers: { n: [1] } }],
  ['BAD_VALUE', { more: { device: ['x', 3 as never] } }],
  ['BAD_VALUE', { numbers: { n: [1, Infinity] } }],
  ['BAD_VALUE', { numbers: { n: [1, '2' as never] } }],
])('arrays that do not fit: %s', (code, more) => {
  expect(() => encodeInteractions({ user: ['a', 'b'], item: ['x', 'y'], ...more })).toThrow(
    expect.objectContaining({ code }),
  );
});
