import { TowerkitError } from '@towerkit/core';
import type { FastifyRequest } from 'fastify';

import type { Context } from '../context.js';
import type { App } from './app.js';

/** What a request of the API meets before its route: the key, and how many are being answered. */
export function guards(api: App, { options: { limits }, keys, metrics }: Context): void {
  if (keys)
    api.addHook('onRequest', async (request) => {
      if (keys.nameOf(request) === undefined)
        throw new TowerkitError('UNAUTHORIZED', 'a key is needed', {
          hint: 'send it as `authorization: Bearer KEY` or `x-api-key: KEY`',
        });
    });
  // From the moment a request is there in whole until its answer is: slow clients take no places, at either end.
  const inFlight = new Set<FastifyRequest>();
  api.addHook('preValidation', (request, _reply, done) => {
    if (inFlight.size >= limits.inFlight) {
      metrics.refused.inc();
      throw new TowerkitError('OVERLOADED', `${limits.inFlight} requests are being answered already`, {
        hint: 'try again in a moment',
      });
    }
    metrics.inFlight.set(inFlight.add(request).size);
    done();
  });
  api.addHook('onSend', (request, _reply, _payload, done) => {
    if (inFlight.delete(request)) metrics.inFlight.set(inFlight.size);
    done();
  });
}
