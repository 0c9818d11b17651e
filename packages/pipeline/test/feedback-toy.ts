import type { CsrMatrix } from '@towerkit/core';
import { encodeInteractions, type InteractionArrays } from '@towerkit/data';

import { checkConfig, prepare, type Config, type Prepared } from '../src/index.js';

/** `user kind item weight`, a row each, in order of time. */
export function rowsOf(text: string): InteractionArrays {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));
  return {
    user: rows.map(([user]) => user),
    kind: rows.map(([, kind]) => kind),
    item: rows.map(([, , item]) => item),
    weight: rows.map(([, , , weight = '1']) => Number(weight)),
    time: rows.map((_, at) => at),
  };
}

export const kinds = { view: { target: false, weight: 0.5 }, buy: {}, hide: { dislike: true } };

export const configOf = (data: Config['data'], more: Partial<Config> = {}) =>
  checkConfig({
    name: 'fed',
    ...{ threads: 1, metrics: ['hr@2'], examples: 0, split: { kind: 'leave-last-two-out' as const } },
    data: {
      dataset: { columns: { user: 'user', item: 'item', time: 'time', kind: 'kind', weight: 'weight' } },
      ...data,
    },
    ...more,
  });
export const prepared = (rows: InteractionArrays, config = configOf({ kinds })): Promise<Prepared> =>
  prepare({ name: 'by hand', log: encodeInteractions(rows) }, config);

export const named = ({ log }: Pick<Prepared, 'log'>, matrix: CsrMatrix) =>
  Object.fromEntries(
    log.users.names.map((name, user) => [
      name,
      Array.from(matrix.row(user), (item) => log.items.nameOf(item)).join(''),
    ]),
  );

/** Sixty users who take what they looked at, weigh it by how much they took, and hide the others' kinds. */
export const MANY = rowsOf(
  Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 6 }, (_, step) => {
      const item = (user * 3 + step * (1 + (user % 2))) % 20;
      return `u${user} view i${(item + 1) % 20} 1\nu${user} buy i${item} ${1 + (item % 4)}\nu${user} hide i${(item + 10) % 20} 1`;
    }).join('\n'),
  ).join('\n'),
);
