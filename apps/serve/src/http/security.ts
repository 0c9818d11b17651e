import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { TowerkitError } from '@towerkit/core';

import type { ResolvedOptions } from '../options.js';

/** What the page and `/docs` load: what is here, and no script that is written into a document. */
const PAGE_POLICY = {
  'default-src': ["'self'"],
  // Beside files the one style that Swagger UI writes into its document, by its hash.
  'style-src': ["'self'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** Headers of every answer, and the check of whom it was sent to. */
export async function security(app: FastifyInstance, { hosts, host }: ResolvedOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    hsts: false, // for whoever ends TLS to say
    originAgentCluster: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  });
  const own = new Set([...hosts, host].map((name) => name.toLowerCase()));
  app.addHook('onRequest', async ({ raw, headers }, reply) => {
    reply.header('cache-control', 'no-store'); // files of the page say otherwise
    const name = hostOf(raw.rawHeaders, headers.host, raw.httpVersion);
    if (name === undefined) return;
    if (hosts.length === 0 && !isLoopback(addressOf(app))) return;
    if (own.has(name) || name === 'localhost' || isLoopback(name)) return;
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
  const given = rawHeaders.filter((name, place) => place % 2 === 0 && /^host$/i.test(name)).length;
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
