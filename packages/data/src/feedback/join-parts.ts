import { Vocabulary } from '@towerkit/core';

import { takeRows } from '../filter-rows.js';
import { IdEncoder } from '../id-encoder.js';
import type { InteractionLog } from '../interaction-log.js';
import { orderRows } from '../order-rows.js';
import type { SplitLogs } from '../presplit.js';

/**
 * Puts logs that were read from files of their own, one for each part of a split, under one set of ids: the training part's
 * first, then what is new in the others. A user's rows stand part by part. Of the columns those stay that all have.
 *
 * @returns also the part of each row: 0 for train, 1 for validation, 2 for test
 */
export function joinParts({ train, validation, test }: SplitLogs): { log: InteractionLog; part: Uint8Array } {
  const logs = [train, validation, ...(test ? [test] : [])];
  const users = new IdEncoder();
  const items = new IdEncoder(train.items.names);
  const kinds = new IdEncoder();
  const joined = (values: (log: InteractionLog) => ArrayLike<number>) =>
    logs.flatMap((log) => Array.from(values(log)));
  const encoded = (encoder: IdEncoder, names: readonly string[], ids: Int32Array) => {
    const translation = names.map((name) => encoder.idOf(name));
    return ids.map((id) => translation[id]);
  };
  const all = <T>(values: (log: InteractionLog) => T | undefined) =>
    logs.every((log) => values(log) !== undefined);
  const user = Int32Array.from(joined((log) => encoded(users, log.users.names, log.user)));
  const item = Int32Array.from(joined((log) => encoded(items, log.items.names, log.item)));
  const codes = all(({ kind }) => kind) && joined(({ kind }) => encoded(kinds, kind!.names, kind!.codes));
  const part = Uint8Array.from(logs.flatMap(({ user }, place) => Array.from(user, () => place)));
  const order = orderRows(users.names.length, user, [part]);
  const log: InteractionLog = {
    users: new Vocabulary(users.names),
    items: new Vocabulary(items.names),
    user,
    item,
    ...(all(({ time }) => time) && { time: Float64Array.from(joined(({ time }) => time!)) }),
    ...(all(({ rating }) => rating) && { rating: Float32Array.from(joined(({ rating }) => rating!)) }),
    ...(all(({ weight }) => weight) && { weight: Float64Array.from(joined(({ weight }) => weight!)) }),
    ...(all(({ more }) => more) && { more: byName(logs, ({ more }) => more!) }),
    ...(all(({ numbers }) => numbers) && {
      numbers: mapped(
        byName(logs, ({ numbers }) => numbers!),
        (values) => Float64Array.from(values),
      ),
    }),
    ...(codes && { kind: { names: kinds.names, codes: Int32Array.from(codes) } }),
  };
  return { log: takeRows(log, order), part: Uint8Array.from(order, (row) => part[row]) };
}

/** Columns that all logs have, one log after the other. */
function byName<T>(
  logs: readonly InteractionLog[],
  columns: (log: InteractionLog) => Readonly<Record<string, ArrayLike<T>>>,
): Record<string, T[]> {
  const names = Object.keys(columns(logs[0])).filter((name) => logs.every((log) => name in columns(log)));
  return Object.fromEntries(
    names.map((name) => [name, logs.flatMap((log) => Array.from(columns(log)[name]))]),
  );
}

const mapped = <T, S>(columns: Readonly<Record<string, T>>, change: (values: T) => S) =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, change(values)]));
