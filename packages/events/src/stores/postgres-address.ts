import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';

import { cannotOpen } from './store-errors.js';

/** How to connect, and how to speak of it. */
export interface PostgresAddress {
  /** @throws Error where a certificate that the address names cannot be read */
  config(): pg.ClientConfig;
  /** The address without its password. */
  readonly place: string;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** Parameters of an address that hold secrets. */
const SECRET = ['password', 'sslpassword'];

/**
 * @param passwordFile read again for every connection, so that the password may change; without it the client looks at the
 *   address, at `PGPASSWORD` and at the file that `PGPASSFILE` names
 * @throws TowerkitError `STORE_UNAVAILABLE` for what is no address
 */
export function addressOf(connectionString: string, passwordFile?: string): PostgresAddress {
  let url: URL;
  try {
    url = new URL(connectionString);
  } catch {
    // The error would hold the address, password and all.
    throw cannotOpen(
      { reason: 'refused', said: 'this is no postgres://user@host:port/database' },
      'postgres://',
    );
  }
  const given = [url.password, ...SECRET.map((name) => url.searchParams.get(name) ?? '')];
  const secrets = [...given, ...given.map(decoded), process.env.PGPASSWORD ?? ''].filter(
    (secret) => secret !== '',
  );
  const shown = new URL(url);
  shown.password = '';
  for (const name of SECRET) shown.searchParams.delete(name);
  if (passwordFile === undefined) return { config: () => ({ connectionString }), place: shown.href, secrets };
  const password = async () => (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '');
  // An address as a whole would win over the file, even where it says nothing of a password.
  const config = () => ({ ...parseIntoClientConfig(shown.href), password });
  return { config, place: shown.href, secrets };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
