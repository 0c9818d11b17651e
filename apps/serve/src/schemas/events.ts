import { DEFAULT_KIND, timeFault, type EventKinds } from '@towerkit/events';
import { strictObject } from '@towerkit/recommend';
import { z } from 'zod';

import { idSchema } from './recommendations.js';

/** One event, as it is posted. */
export function eventSchema({ names }: EventKinds) {
  const shape = {
    user: idSchema.optional().describe('whose history it enters; needed unless `answer` is given'),
    item: idSchema,
    type: idSchema
      .max(64)
      .default(DEFAULT_KIND)
      .meta({ description: `its kind: ${names.join(', ')}`, examples: [...names] }),
    at: z.iso
      .datetime({
        offset: true,
        error: 'expected a time with its offset, such as 2026-01-31T12:00:00Z',
        abort: true,
      })
      .superRefine((at, context) => {
        const fault = timeFault(Date.parse(at));
        if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
      })
      .optional()
      .describe('when, at most ten minutes ahead of the server; now when absent'),
    id: idSchema
      .optional()
      .describe('yours: an event of the same user, or answer, that is sent again under it counts once'),
    answer: idSchema.optional().describe('id of the answer it follows; it counts for the experiment of that'),
    model: idSchema.optional().describe('whose recommendation it follows, for the metrics'),
  };
  return strictObject(shape)
    .refine(({ user, answer }) => user !== undefined || answer !== undefined, {
      path: ['user'],
      error: 'expected an id, as there is no `answer` either',
    })
    .meta({ id: 'Event' });
}

/** What `POST /v1/events` takes: one event or many. */
export function eventsSchema(kinds: EventKinds, limit: number) {
  const one = eventSchema(kinds);
  const many = strictObject({ events: z.array(one).min(1).max(limit) });
  return { one, many, either: z.union([one, many]) };
}
