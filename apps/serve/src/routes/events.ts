import { randomUUID } from 'node:crypto';
import { z } from 'zod';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';

const id = z.string().min(1).max(512);

const eventSchema = z
  .strictObject({
    user: id,
    item: id,
    type: z.string().min(1).max(64).default('interaction').describe('such as view or purchase'),
    at: z.iso.datetime({ offset: true }).optional().describe('when; now when absent'),
    id: id.optional().describe('yours: an event that is sent again under the same id counts once'),
    model: id.optional().describe('whose recommendation it follows, for the metrics'),
  })
  .meta({ id: 'Event' });

/** `POST /v1/events`. */
export function events(app: App, { store, metrics, options: { limits }, registry }: Context): void {
  const body = z.union([
    eventSchema,
    z.strictObject({ events: z.array(eventSchema).min(1).max(limits.events) }),
  ]);
  app.post(
    '/v1/events',
    {
      schema: {
        tags: ['events'],
        summary: 'Keep interactions; they count in the next answer',
        description: 'Answered when the events are on disk. All of a request are kept, or none.',
        body,
        response: {
          201: z.object({ accepted: z.int(), new: z.int().describe('not sent before under the same id') }),
          '4xx': problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const given = 'events' in body ? body.events : [body];
      const now = Date.now();
      const added = await store.append(
        given.map(({ id, user, item, type, at }) => ({
          id: id ?? randomUUID(),
          user,
          item,
          type,
          at: at === undefined ? now : Date.parse(at),
        })),
      );
      for (const { model } of given)
        metrics.events.inc({ model: registry.models.some(({ name }) => name === model) ? model : '' });
      return reply.status(201).send({ accepted: given.length, new: added });
    },
  );
}
