import { createHash } from 'node:crypto';

import type { InteractionLog } from './interaction-log.js';

/**
 * The sha256 of what a log holds, in hexadecimal: names in the order of their ids, ids and values of every row
 * in order. Two logs have the same one exactly when a model cannot tell them apart; file, format and number of
 * threads do not matter.
 */
export function fingerprint(log: InteractionLog): string {
  const hash = createHash('sha256');
  const strings = (label: string, values: readonly string[]) => {
    hash.update(`${label}:${values.length}\n`);
    for (const value of values) hash.update(`${JSON.stringify(value)}\n`);
  };
  const numbers = (label: string, values: Int32Array | Float32Array | Float64Array | undefined) => {
    hash.update(`${label}:${values?.length ?? 'none'}\n`);
    if (values) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  strings('users', log.users.names);
  strings('items', log.items.names);
  numbers('user', log.user);
  numbers('item', log.item);
  numbers('time', log.time);
  numbers('position', log.position);
  numbers('rating', log.rating);
  if (log.weight) numbers('weight', log.weight);
  if (log.kind) {
    strings('kinds', log.kind.names);
    numbers('kind', log.kind.codes);
  }
  if (log.text) strings('text', log.text);
  for (const name of named(log.more)) strings(`more ${JSON.stringify(name)}`, log.more![name]);
  for (const name of named(log.numbers)) numbers(`number ${JSON.stringify(name)}`, log.numbers![name]);
  return hash.digest('hex');
}

/** Names of columns, in an order that does not depend on who named them first. */
const named = (columns: Readonly<Record<string, unknown>> = {}): string[] => Object.keys(columns).sort();
