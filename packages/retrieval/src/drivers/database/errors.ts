import { TowerkitError } from '@towerkit/core';

/** A database that does not answer. */
export const unavailable = (what: string, hint: string, cause?: Error): TowerkitError =>
  new TowerkitError('UNAVAILABLE', what, { hint, cause });

/** A database that takes too long. */
export const timedOut = (what: string, cause?: Error): TowerkitError =>
  new TowerkitError('TIMEOUT', what, {
    hint: 'look at the load of the server, or give a larger timeout',
    cause,
  });

/** Anything else that a database says. */
export const refused = (what: string, cause?: Error): TowerkitError =>
  new TowerkitError('DATABASE_ERROR', what, { hint: 'the index is as it was', cause });

/** An error's text as a cause that shows no secret: drivers keep whole connection strings in theirs. */
export function withoutSecrets(error: unknown, secrets: readonly (string | undefined)[]): Error {
  const { message = String(error), code } = (error ?? {}) as { message?: string; code?: unknown };
  let text = String(message);
  for (const secret of secrets)
    if (secret) for (const form of [secret, encodeURIComponent(secret)]) text = text.replaceAll(form, '***');
  return Object.assign(new Error(text), code === undefined ? {} : { code });
}
