import { outcomes } from '@towerkit/events';
import { queryOf } from '@towerkit/recommend';
import { z } from 'zod';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';

/** Milliseconds that are looked back by default: 30 days. */
const WINDOW = 30 * 24 * 3600 * 1000;

const armSchema = z
  .object({
    experiment: z.string().describe('split, interleave, or none for answers outside of any'),
    arm: z.string().describe('the model'),
    impressions: z.int().describe('answers that it made, or had a part in'),
    events: z.int().describe('for items it put into them; the same answer, item and kind counts once'),
    wins: z
      .int()
      .describe('impressions with more events for its items than for the other arm; of a split, with any'),
    ties: z.int().describe('interleaved impressions with as many events for either arm, at least one'),
    wins_per_impression: z.number(),
  })
  .meta({ id: 'ArmOutcome' });

const impressionSchema = z
  .object({
    answer: z.string(),
    at: z.string(),
    experiment: z.string(),
    version: z.string(),
    user: z.string().optional(),
    session: z.string().optional(),
    events: z.record(z.string(), z.int()).describe('by arm'),
  })
  .meta({ id: 'ImpressionOutcome' });

/** `GET /v1/experiments/outcomes`. */
export function experiments(app: App, { store, kinds, impressions: log }: Context): void {
  const time = z.iso.datetime({
    offset: true,
    error: 'expected a time with its offset, such as 2026-01-31T12:00:00Z',
  });
  const query = z.strictObject({
    since: time.optional().describe('impressions from then on; the last 30 days when absent'),
    until: time.optional().describe('impressions before then; now when absent'),
    types: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(100)
      .default(['click'])
      .describe(`kinds of events that count: ${kinds.names.join(', ')}; click when absent`),
    each: z.boolean().default(false).describe('list the impressions that brought an event, too'),
  });
  app.get(
    '/v1/experiments/outcomes',
    {
      schema: {
        operationId: 'getExperimentOutcomes',
        tags: ['experiments'],
        summary: 'What came of the answers of a split or of interleaving, by arm',
        querystring: queryOf(query),
        response: {
          200: z.object({
            since: z.string(),
            until: z.string(),
            types: z.array(z.string()),
            arms: z.array(armSchema),
            impressions: z.array(impressionSchema).optional(),
          }),
          '4xx': problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request) => {
      const { since, until, types, each } = request.query as z.output<typeof query>;
      for (const type of types) kinds.check(type, 'querystring/types');
      const end = until === undefined ? Date.now() + 1 : Date.parse(until);
      const range = { since: since === undefined ? end - WINDOW : Date.parse(since), until: end };
      await log.flush();
      const { arms, impressions } = await outcomes(store, range, types);
      return {
        since: new Date(range.since).toISOString(),
        until: new Date(range.until).toISOString(),
        types,
        arms: arms.map((arm) => ({ ...arm, wins_per_impression: ratio(arm.wins, arm.impressions) })),
        ...(each && {
          impressions: impressions.map(({ impression, events }) => ({
            answer: impression.id,
            at: new Date(impression.at).toISOString(),
            experiment: impression.experiment,
            version: impression.version,
            user: impression.user,
            session: impression.session,
            events: Object.fromEntries(impression.arms.map((arm, place) => [arm, events[place]])),
          })),
        }),
      };
    },
  );
}

const ratio = (part: number, of: number): number => (of === 0 ? 0 : part / of);
