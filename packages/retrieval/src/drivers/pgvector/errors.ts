import type { TowerkitError } from '@towerkit/core';

import { refused, timedOut, unavailable, withoutSecrets } from '../database/errors.js';

const DOWN =
  /^(E(CONN|HOST|NET|NOTFOUND|AI_|PIPE|NOENT|ACCES)|08|28|3D000|53300|57P0)|CERT|SSL|TLS|SELF_SIGNED/;
const DOWN_TEXT = /connection (terminated|ended|error)|not queryable|support SSL|closed the connection/i;
const SLOW = /^(ETIMEDOUT|57014|55P03|25P0[34])$/;
const SLOW_TEXT = /timeout e|read timeout|timed? ?out/i;

/**
 * What went wrong between here and PostgreSQL, by the codes of the system and of SQL.
 *
 * @param place host, port and database
 * @returns `TIMEOUT`, `UNAVAILABLE` or, for what the server refuses, `DATABASE_ERROR`
 */
export function databaseError(error: unknown, place: string, secrets: readonly string[]): TowerkitError {
  const cause = withoutSecrets(error, secrets);
  const code = String((cause as { code?: unknown }).code ?? '');
  const why = cause.message || code;
  if (SLOW.test(code) || (code === '' && SLOW_TEXT.test(why)))
    return timedOut(`PostgreSQL at ${place} took too long: ${why}`, cause);
  if (DOWN.test(code) || (code === '' && DOWN_TEXT.test(why)))
    return unavailable(
      `PostgreSQL at ${place} cannot be reached: ${why}`,
      'see that it runs, and that the connection is right',
      cause,
    );
  return refused(`PostgreSQL at ${place} refused: ${why}`, cause);
}
