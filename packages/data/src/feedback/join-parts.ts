import { Vocabulary } from '@towerkit/core';

import { takeRows } from '../filter-rows.js';
import { IdEncoder } from '../id-encoder.js';
import type { InteractionLog } from '../interaction-log.js';
import { orderRows } from '../order-rows.js';
import type { SplitLogs } from '../presplit.js';

/**
 * Puts logs that were read from files of their own, one for each part of a split, under one set of ids: the training part's
 * first, then what is new in the others. A user's rows stand part by part. Of the columns those stay that all have; positions
 * and texts do not.
 *
 * @returns also the part of each row: 0 for train, 1 for validation, 2 for test
 */
export function joinParts({ train, validation, test }: SplitLogs): { log: InteractionLog; part: Uint8Array } {
  const logs = [train, validation, ...(test ? [test] : [])];
  const rows = logs.reduce((sum, { user }) => sum + user.length, 0);
  const users = new IdEncoder();
  const items = new IdEncoder(train.items.names);
  const kinds = new IdEncoder();
  const encoded = (encoder: IdEncoder, names: readonly string[], ids: Int32Array) => {
    const translation = names.map((name) => encoder.idOf(name));
    return ids.map((id) => translation[id]);
  };
  /** A column that all logs have, end to end. */
  const joined = <T extends TypedColumn>(
    Column: new (length: number) => T,
    column: (log: InteractionLog) => T | undefined,
  ) => {
    const columns = logs.map(column);
    return columns.every((values) => values !== undefined) ? endToEnd(new Column(rows), columns) : undefined;
  };
  const user = joined(Int32Array, (log) => encoded(users, log.users.names, log.user))!;
  const item = joined(Int32Array, (log) => encoded(items, log.items.names, log.item))!;
  const codes = joined(Int32Array, ({ kind }) => kind && encoded(kinds, kind.names, kind.codes));
  const time = joined(Float64Array, (log) => log.time);
  const weight = joined(Float64Array, (log) => log.weight);
  const rating = joined(Float32Array, (log) => log.rating);
  const more = shared(logs, ({ more }) => more).map((name) => [
    name,
    logs.flatMap(({ more }) => more![name]),
  ]);
  const numbers = shared(logs, ({ numbers }) => numbers).map((name) => [
    name,
    joined(Float64Array, ({ numbers }) => numbers![name]),
  ]);
  const part = endToEnd(
    new Uint8Array(rows),
    logs.map(({ user }, place) => new Uint8Array(user.length).fill(place)),
  );
  const order = orderRows(users.names.length, user, [part]);
  const log: InteractionLog = {
    users: new Vocabulary(users.names),
    items: new Vocabulary(items.names),
    user,
    item,
    ...(time && { time }),
    ...(rating && { rating }),
    ...(weight && { weight }),
    ...(more.length > 0 && { more: Object.fromEntries(more) }),
    ...(numbers.length > 0 && { numbers: Object.fromEntries(numbers) }),
    ...(codes && { kind: { names: kinds.names, codes } }),
  };
  return { log: takeRows(log, order), part: part.map((_, place) => part[order[place]]) };
}

type TypedColumn = Uint8Array | Int32Array | Float32Array | Float64Array;

/** Fills `out` with arrays, one after the other. */
function endToEnd<T extends TypedColumn>(out: T, arrays: readonly T[]): T {
  let end = 0;
  for (const values of arrays) {
    out.set(values, end);
    end += values.length;
  }
  return out;
}

/** Names of columns that all logs have. */
const shared = (
  logs: readonly InteractionLog[],
  columns: (log: InteractionLog) => Readonly<Record<string, unknown>> | undefined,
): string[] =>
  Object.keys(columns(logs[0]) ?? {}).filter((name) =>
    logs.every((log) => Object.hasOwn(columns(log) ?? {}, name)),
  );
