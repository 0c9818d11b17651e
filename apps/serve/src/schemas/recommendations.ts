import { REPEATS } from '@towerkit/core';
import { idFault, MAX_ID } from '@towerkit/events';
import { filterSchema, nearSchema, strictObject } from '@towerkit/recommend';
import { z } from 'zod';

import type { ResolvedOptions } from '../options.js';

/** An id of a client's, as every store takes it; lengths are in characters, as JSON Schema has them. */
export const idSchema = z
  .string()
  .superRefine((id, context) => {
    const fault = idFault(id);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ minLength: 1, maxLength: MAX_ID });

const id = idSchema;

/** Columns of an item, of the table of users or of a moment, that a question may name. */
const FEATURES = 100;

/** Components of a vector among their values, at most. */
const COMPONENTS = 16_384;

/** What recommendations are asked with. */
export function questionSchema({ limits, diversity }: Pick<ResolvedOptions, 'limits' | 'diversity'>) {
  const value = z.union(
    [z.string().max(limits.text), z.number(), z.boolean(), z.null(), z.array(z.number()).max(COMPONENTS)],
    `expected text of ${limits.text} characters at most, a finite number, true, false, null, or a list of finite numbers`,
  );
  const columns = z
    .record(z.string().max(512), value)
    .refine((features) => Object.keys(features).length <= FEATURES, `expected ${FEATURES} features at most`);
  return strictObject({
    user: id.optional().describe('an id of the data set, or any other that events are posted for'),
    session: id
      .optional()
      .describe('a visitor without an account: the same session gets the same model of a split'),
    history: z.array(id).max(limits.history).optional().describe('ids of items somebody had, oldest first'),
    text: z
      .string()
      .min(1)
      .max(limits.text)
      .optional()
      .describe('what somebody likes, for a model that reads texts'),
    features: columns
      .optional()
      .describe('what somebody likes, as columns of an item, for a model that reads them'),
    user_features: columns
      .optional()
      .describe('what is known of who asks, as columns of the table of users, for a model that reads them'),
    context: columns
      .optional()
      .describe(
        'what is known of the moment, for a model that reads moments: columns of the interactions, null for what is not known; ' +
          'hour, weekday, month and season are those of now, or of `at`, when they are not said',
      ),
    at: z.iso
      .datetime({ offset: true, error: 'expected a time with its offset, such as 2026-01-31T12:00:00Z' })
      .optional()
      .describe('when the question is asked, for a model that reads the time; now when absent'),
    k: z.int().min(1).max(limits.k).default(10).describe('how many items'),
    filter: filterSchema.optional(),
    near: nearSchema.optional(),
    repeats: z
      .enum(REPEATS, `expected one of ${REPEATS.join(', ')}`)
      .optional()
      .describe(
        'what becomes of items that somebody had: exclude leaves them out, allow ranks them among all others, only ranks ' +
          'nothing else; what the model was measured for when absent, else exclude',
      ),
    exclude: z
      .array(id)
      .max(limits.history)
      .optional()
      .describe('items to leave out beside what was seen, whatever `repeats` says'),
    explain: z
      .boolean()
      .default(false)
      .describe(`say why; k times the items of the history may be ${limits.reasons} at most`),
    diversity: z.number().min(0).max(1).default(diversity).describe('how much unlikeness counts'),
    rerank: z
      .boolean()
      .default(true)
      .describe('whether the server may rank again, where it has a model for it'),
    model: id.optional().describe('a model by its name; as the server splits its traffic when absent'),
  }).meta({ id: 'Question' });
}

const weight = z.object({
  id: z.string(),
  title: z.string().optional(),
  weight: z.number().describe('what it adds to the score; negative speaks against'),
});

const gates = z.record(z.string(), z.number()).optional();

export const itemSchema = z
  .object({
    id: z.string(),
    title: z.string().optional(),
    score: z.number().describe('comparable within one answer only'),
    lexical: z
      .number()
      .optional()
      .describe('of a search by a model of words and vectors: by the words that text and item share'),
    tower: z.number().optional().describe('of the same: cosine of the vectors of both'),
    rating: z.number().optional().describe('predicted rating, for a model of ratings'),
    distanceKm: z.number().optional().describe('kilometres to it, of a question with `near`'),
    reason: z
      .object({
        history: z.array(weight).describe('items of the history, the weightiest first'),
        gates: gates.describe('gate weights of the item tower by input'),
        reviews: z
          .array(z.object({ id: z.string(), text: z.string().optional(), similarity: z.number() }))
          .optional()
          .describe('reviews of the user that are nearest to the item, for a model of reviews'),
      })
      .optional(),
    model: z.string().optional().describe('whose item it is, where lists are interleaved'),
  })
  .meta({ id: 'RecommendedItem' });

export const answerSchema = z
  .object({
    id: z.string().describe('of this answer; an event that follows it names it as its `answer`'),
    items: z.array(itemSchema),
    gates: gates.describe('gate weights of the user tower by input, where reasons are asked for'),
    source: z
      .string()
      .describe(
        'kind of the model (two-tower, als, ...), with +kind where another ranked again; popularity where nothing is ' +
          'known of who asks; of a search text, or titles where it went by their words',
      ),
    model: z.string().describe('name of the artifact'),
    version: z.string().describe('which files of it'),
    experiment: z
      .object({
        kind: z.enum(['split', 'interleave']),
        arm: z.string().describe('the model, or the two of interleaved lists'),
        by: z
          .enum(['user', 'session', 'draw'])
          .optional()
          .describe('what decided on the arm of a split; a draw where there is neither user nor session'),
      })
      .optional()
      .describe('absent where there is none, or the question named a model'),
    took_ms: z.number(),
    without_events: z
      .literal(true)
      .optional()
      .describe('the store of events could not be read, so that none count; absent otherwise'),
    history: z.int().describe('items that the answer was made from'),
    unknown_items: z.array(z.string()).optional().describe('items that the model does not know and left out'),
  })
  .meta({ id: 'Recommendations' });

export type Answer = z.infer<typeof answerSchema>;
export type QuestionBody = z.output<ReturnType<typeof questionSchema>>;
