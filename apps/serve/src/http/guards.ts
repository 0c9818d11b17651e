import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { TowerkitError } from '@towerkit/core';
import type { FastifyRequest } from 'fastify';

import type { Context } from '../context.js';
import type { App } from './app.js';

/** One second: what `limits.rate` counts in. */
const WINDOW = 1000;

/** What a request meets before its route: CORS, the key, its client's rate, and how many are in flight. */
export async function guards(api: App, { options, keys, metrics }: Context): Promise<void> {
  const { limits, cors: origins } = options;
  if (origins.length > 0) await api.register(cors, { origin: [...origins], methods: ['GET', 'POST'] });
  if (keys)
    api.addHook('onRequest', async (request) => {
      if (!keys.has(keyOf(request)))
        throw new TowerkitError('UNAUTHORIZED', 'a key is needed', {
          hint: 'send it as `authorization: Bearer KEY` or `x-api-key: KEY`',
        });
    });
  if (limits.rate > 0)
    await api.register(rateLimit, {
      max: limits.rate,
      timeWindow: WINDOW,
      keyGenerator: (request) => (keys ? keys.nameOf(keyOf(request)) : request.ip),
      errorResponseBuilder: () =>
        new TowerkitError('RATE_LIMITED', `more than ${limits.rate} requests in a second`, {
          hint: 'slow down',
        }),
    });
  let inFlight = 0;
  api.addHook('onRequest', async (_request, reply) => {
    if (inFlight >= limits.inFlight) {
      metrics.refused.inc();
      throw new TowerkitError('OVERLOADED', `${limits.inFlight} requests are being answered already`, {
        hint: 'try again in a moment',
      });
    }
    inFlight++;
    metrics.inFlight.set(inFlight);
    reply.raw.once('close', () => metrics.inFlight.set(--inFlight));
  });
}

/** The key a request comes with, or an empty text. */
export function keyOf({ headers }: FastifyRequest): string {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own;
  const [, key = ''] = /^Bearer +(.+)$/i.exec(headers.authorization ?? '') ?? [];
  return key;
}
