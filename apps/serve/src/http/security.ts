import { TowerkitError } from '@towerkit/core';
import type { FastifyInstance } from 'fastify';

import type { ResolvedOptions } from '../options.js';

/**
 * Headers of every answer. The page and `/docs` load what is here, and no script that is written into a document; the one
 * style that Swagger UI writes there goes by its hash. (`@fastify/helmet` would make the same of its options again and
 * again, for each request.)
 */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; " +
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store', // files of the page say otherwise
};

/** Headers of every answer, and the check of whom it was sent to. */
export function security(app: FastifyInstance, { hosts, host }: ResolvedOptions): void {
  const own = new Set([...hosts, host].map((name) => name.toLowerCase()));
  const answersFor = (name: string) => own.has(name) || name === 'localhost' || isLoopback(name);
  let anyName: boolean | undefined; // known once it listens; to ask the system each time costs
  app.addHook('onRequest', ({ raw, headers }, reply, done) => {
    reply.headers(HEADERS);
    const name = hostOf(raw.rawHeaders, headers.host, raw.httpVersion);
    anyName ??= hosts.length === 0 && !isLoopback(addressOf(app));
    if (name === undefined || anyName || answersFor(name)) return done();
    throw new TowerkitError('UNKNOWN_HOST', `this server does not answer for ${JSON.stringify(name)}`, {
      hint: 'its operator lists the names it has in `hosts`',
    });
  });
}

/**
 * The host that a request is for, without its port; none in HTTP/1.0, where it may be absent.
 *
 * @throws TowerkitError `BAD_REQUEST`
 */
function hostOf(rawHeaders: readonly string[], host: string | undefined, version: string) {
  if (host === undefined && version === '1.0') return undefined;
  let given = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at].length === 4 && rawHeaders[at].toLowerCase() === 'host') given++;
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([^\s:/?#@[\]]+))(?::\d*)?$/i.exec(host ?? '') ?? [];
  const name = (bracketed ?? plain)?.toLowerCase();
  if (given <= 1 && name !== undefined) return name;
  throw new TowerkitError(
    'BAD_REQUEST',
    given > 1 ? 'there are two Host headers' : 'a Host header is needed',
  );
}

const addressOf = ({ server }: FastifyInstance): string => {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.address : '';
};

const isLoopback = (address: string) => /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/i.test(address);
