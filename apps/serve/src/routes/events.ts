import { ArrivalClock } from '@towerkit/events';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';
import { eventsSchema } from '../schemas/events.js';

/** `POST /v1/events`. */
export function events(
  app: App,
  { store, pending, kinds, newId, metrics, options, registry }: Context,
): void {
  const clock = new ArrivalClock();
  const { one, many, either } = eventsSchema(kinds, options.limits.events);
  app.post(
    '/v1/events',
    {
      schema: {
        operationId: 'postEvents',
        tags: ['events'],
        summary: 'Keep interactions; they count in the next answer',
        description: 'Answered when the events are on disk. All of a request are kept, or none.',
        body: either,
        response: {
          201: z.object({ accepted: z.int(), new: z.int().describe('not sent before under the same id') }),
          '4xx': problemSchema,
          503: problemSchema,
        },
      },
      // Checked as what it is meant to be: of a union neither half would say which field is wrong.
      validatorCompiler: (route) => {
        const [checkOne, checkMany] = [one, many].map((schema) => validatorCompiler({ ...route, schema }));
        return (body) => (isBatch(body) ? checkMany : checkOne)(body);
      },
    },
    async (request, reply) => {
      const { body } = request;
      const batch = 'events' in body;
      const given = batch ? body.events : [body];
      for (const [place, { type }] of given.entries())
        kinds.check(type, batch ? `body/events/${place}/type` : 'body/type');
      await pending.admit(given.flatMap(({ user }) => user ?? []));
      const now = clock.next();
      const added = await store.append(
        given.map(({ id, user, item, type, at, answer }) => ({
          id: id ?? newId(),
          user: user ?? '',
          item,
          type,
          at: at === undefined ? now : Date.parse(at),
          answer,
        })),
      );
      for (const { model, type } of given)
        metrics.events.inc({ type, model: registry.models.some(({ name }) => name === model) ? model : '' });
      return reply.status(201).send({ accepted: given.length, new: added });
    },
  );
}

const isBatch = (body: unknown): boolean => typeof body === 'object' && body !== null && 'events' in body;
