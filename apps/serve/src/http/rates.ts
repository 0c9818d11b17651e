import rateLimit from '@fastify/rate-limit';
import { TowerkitError } from '@towerkit/core';
import type { FastifyInstance } from 'fastify';

import type { Context } from '../context.js';
import { keyOf } from './api-keys.js';

/** One second: what `limits.rate` counts in. */
const timeWindow = 1000;
/** Clients that are remembered; the one that was seen longest ago is forgotten first. */
const cache = 10_000;
/** Wrong keys that an address may try in a second where `limits.rate` sets no rate. */
const WRONG_KEYS = 20;

/**
 * Counts every request, whatever comes of it: one with a valid key for that key, any other for its address (of IPv6,
 * for its /64). An address that is over its rate is refused before its key matters, so that nobody finds one by trying.
 * `/health` is left out: a balancer that gets a 429 would take the server out.
 */
export async function rates(app: FastifyInstance, { options: { limits }, keys }: Context): Promise<void> {
  const { rate } = limits;
  if (rate === 0 && !keys) return;
  const max = rate || WRONG_KEYS;
  await app.register(rateLimit, { global: false, max, timeWindow, cache });
  const byAddress = app.createRateLimit();
  const byKey = app.createRateLimit({ keyGenerator: (request) => keys!.nameOf(request)! });
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/health/')) return;
    const known = keys?.nameOf(request) !== undefined;
    // The count is taken before this waits for anything: requests that come at once do not all see the old one.
    const counted = !known && (rate > 0 || keyOf(request) !== '');
    let used = await byAddress(request, { increment: counted });
    if (!isOver(used) && known && rate > 0) used = await byKey(request);
    if (rate > 0 && 'max' in used)
      reply.headers({ 'x-ratelimit-limit': used.max, 'x-ratelimit-remaining': used.remaining });
    if (!isOver(used)) return;
    const what = rate > 0 ? 'requests' : 'wrong keys';
    throw new TowerkitError('RATE_LIMITED', `more than ${max} ${what} in a second`, { hint: 'slow down' });
  });
}

type Used = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

const isOver = (used: Used) => !used.isAllowed && used.isExceeded;
