import { checkPredicate, type Predicate } from '@towerkit/retrieval';
import { z } from 'zod';

/** Items of one answer, at most: an assistant reads every one of them. */
const MOST = 100;
/** Items of a history, at most. */
const HISTORY = 1000;
/** Characters of a text, at most. */
const TEXT = 10_000;

export const id = z.string().min(1).max(512);

export const k = z.int().min(1).max(MOST).default(10).describe('how many items');

export const text = z.string().min(1).max(TEXT);

const columns = z.record(z.string().max(512), z.unknown());

export const filter = columns
  .describe(
    'only items whose columns are so: {"category": "rpg", "price": {"lt": 20}}; operators eq, ne, in, nin, lt, lte, gt, gte; ' +
      'joins {"all": [..]}, {"any": [..]}, {"not": {..}}',
  )
  .transform((given): Predicate => {
    checkPredicate(given);
    return given;
  });

/** Who is asked for: the fields of a question that `recommend` and `explain` share. */
export const who = {
  user: id.optional().describe('an id of a user that the model knows'),
  history: z
    .array(id)
    .max(HISTORY)
    .optional()
    .describe('ids of items somebody had or likes, oldest first; `search` finds ids'),
  user_features: columns.optional().describe('what is known of who asks, for a model that reads it'),
  context: columns.optional().describe('what is known of the moment, for a model that reads it'),
  at: z.iso.datetime({ offset: true }).optional().describe('when it is asked; now when absent'),
};

const reason = z.object({
  id: z.string(),
  title: z.string().optional(),
  weight: z.number().describe('what this item of the history adds to the score; negative speaks against'),
});

export const rankedItem = z.object({
  id: z.string(),
  title: z.string().optional(),
  score: z.number().describe('comparable within one answer only'),
  rating: z.number().optional().describe('predicted rating, of a model of ratings'),
  reasons: z.array(reason).optional(),
  gates: z.record(z.string(), z.number()).optional().describe('weights of the inputs of the item tower'),
  reviews: z
    .array(z.object({ id: z.string(), text: z.string().optional(), similarity: z.number() }))
    .optional()
    .describe('reviews of the user that are nearest to the item'),
});

export const ranking = z.object({
  items: z.array(rankedItem).describe('best first'),
  source: z
    .string()
    .describe(
      'kind of the model; `popularity` where nothing is known of who asks, then the list is personal to nobody; of a search ' +
        '`text`, or `titles` where it went by their words',
    ),
});
