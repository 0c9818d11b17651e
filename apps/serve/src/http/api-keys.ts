import { TowerkitError } from '@towerkit/core';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The key that a file holds: its first line. @throws TowerkitError `BAD_OPTION` for one that cannot be read */
export async function keyIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new TowerkitError('BAD_OPTION', `keyFile: ${cause.message}`, { cause });
  });
  return text.trim().split('\n')[0];
}

/** The keys that may ask. Digests are compared, every one of them each time, so that timing tells nothing. */
export class ApiKeys {
  readonly #digests: readonly Buffer[];
  /** The name of each request's key, where it may ask. */
  readonly #names = new WeakMap<object, string | undefined>();

  constructor(keys: readonly string[]) {
    this.#digests = keys.map(digest);
  }

  /**
   * Reads keys, one a line; blank lines and those that begin with # are passed over.
   *
   * @throws TowerkitError `BAD_OPTION` for a file that cannot be read or has no key
   */
  static async read(file: string): Promise<ApiKeys> {
    const text = await readFile(file, 'utf8').catch((cause: Error) => {
      throw new TowerkitError('BAD_OPTION', `apiKeyFile: ${cause.message}`, { cause });
    });
    const keys = text.split(/\r?\n/).flatMap((line) => (/^\s*(#|$)/.test(line) ? [] : line.trim()));
    if (keys.length === 0) throw new TowerkitError('BAD_OPTION', `apiKeyFile: ${file} has no key`);
    return new ApiKeys(keys);
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /**
   * What stands for the key of a request, where the key itself must not be kept: its digest. It is made once a request.
   *
   * @returns `undefined` for a request whose key is absent or none that may ask
   */
  nameOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
    if (!this.#names.has(request)) this.#names.set(request, this.#find(keyOf(request)));
    return this.#names.get(request);
  }

  #find(key: string): string | undefined {
    const given = digest(key);
    let found = false;
    for (const known of this.#digests) found = timingSafeEqual(given, known) || found;
    return found ? given.toString('hex') : undefined;
  }
}

/** The key a request comes with, or an empty text. */
export function keyOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own;
  const [, key = ''] = /^Bearer +(.+)$/i.exec(headers.authorization ?? '') ?? [];
  return key;
}

const digest = (key: string) => createHash('sha256').update(key).digest();
