import { REPEATS } from '@towerkit/core';
import { namedItems, type Found, type MomentOptions, type OpenArtifact, type Who } from '@towerkit/recommend';
import { z } from 'zod';

import { TowerkitError } from '../errors.js';
import { denseId } from './items.js';
import { filter, id, k, rankedItem, ranking, text, who } from './schemas.js';
import { tool, type Tool } from './tool.js';

/** `recommend`: items for a user, a history or a text. */
export function recommendTool(artifact: OpenArtifact): Tool {
  return tool(
    'recommend',
    {
      title: 'Recommend items',
      description:
        'The best items for a user, for a history of item ids, or for a text about what somebody likes; give one of them. ' +
        'With none, what is popular.',
      input: z.strictObject({
        ...who,
        text: text.optional().describe('what somebody likes, for a model that reads texts'),
        k,
        filter: filter.optional(),
        repeats: z
          .enum(REPEATS)
          .optional()
          .describe(
            'items of the history: exclude leaves them out, allow ranks them too, only ranks nothing else',
          ),
        diversity: z.number().min(0).max(1).default(0).describe('preference for items unlike each other'),
        explain: z
          .boolean()
          .default(false)
          .describe('say for which items of the history each one is recommended'),
      }),
      output: ranking,
    },
    async ({ k, filter: where, repeats, diversity, explain, text, ...asks }) => {
      const options = { where, repeats, diversity, explain, ...momentOf(asks) };
      const { items, source } = await artifact.recommend(whoOf({ ...asks, text }), k, options);
      return { items: items.map(plain), source };
    },
  );
}

/** `similar`: items like one. */
export function similarTool(artifact: OpenArtifact): Tool {
  return tool(
    'similar',
    {
      title: 'Find similar items',
      description: 'The items most like one item, whoever asks.',
      input: z.strictObject({ item: id.describe('id of the item'), k, filter: filter.optional() }),
      output: ranking,
    },
    async ({ item, k, filter: where }) => {
      const found = await artifact.engine.similar({ item: denseId(artifact, item), k, where });
      return ranked(artifact, found);
    },
  );
}

/** A found list as an assistant reads it. */
const ranked = (artifact: OpenArtifact, found: Found) => ({
  items: namedItems(artifact, found).map(plain),
  source: found.source,
});

/** `search`: items by a text. */
export function searchTool(artifact: OpenArtifact): Tool {
  return tool(
    'search',
    {
      title: 'Search items',
      description:
        'Items by what a text means where the model reads texts, else by the beginnings of the words of their titles. Finds ids ' +
        'for the other tools.',
      input: z.strictObject({ query: text.describe('what is looked for'), k, filter: filter.optional() }),
      output: ranking,
    },
    async ({ query, k, filter: where }) => {
      const { engine } = artifact;
      const found = engine.ranker.content?.readsText
        ? await engine.search({ content: { text: query }, k, where })
        : await engine.find({ query, k, where });
      return ranked(artifact, found);
    },
  );
}

/** `explain`: why one item would be recommended. */
export function explainTool(artifact: OpenArtifact): Tool {
  return tool(
    'explain',
    {
      title: 'Explain a recommendation',
      description:
        'Why one item is, or would be, recommended to a user or for a history: which items of the history speak for it, and how much.',
      input: z.strictObject({ item: id.describe('id of the item to explain'), ...who }),
      output: z.object({ item: rankedItem, source: z.string().describe('kind of the model') }),
    },
    async ({ item, ...asks }) => {
      if (asks.user === undefined && !asks.history?.length)
        throw new TowerkitError('BAD_REQUEST', 'explain: there is nobody to explain it to', {
          hint: 'give a user, or a history of item ids',
        });
      denseId(artifact, item);
      const options = { where: { id: item }, repeats: 'allow' as const, explain: true, ...momentOf(asks) };
      const { items, source } = await artifact.recommend(whoOf(asks), 1, options);
      if (items.length === 0 || source === 'popularity')
        throw new TowerkitError('BAD_REQUEST', `the model has no reasons for ${JSON.stringify(item)} here`, {
          hint: 'it knows nothing of that history, or the item is disliked or not listed: try other items of the history',
        });
      return { item: plain(items[0]), source };
    },
  );
}

type Asks = { readonly [Name in keyof typeof who]?: z.output<(typeof who)[Name]> } & {
  readonly text?: string;
};

/** @throws TowerkitError `BAD_REQUEST` for more than one of user, history and text */
function whoOf({ user, history, text, user_features: features }: Asks): Who {
  const ways = [user, history, text].filter((way) => way !== undefined);
  if (ways.length > 1 || (text !== undefined && features !== undefined))
    throw new TowerkitError('BAD_REQUEST', 'give one of user, history and text', {
      hint: 'user_features go with a user, with a history or alone',
    });
  if (text !== undefined) return { text };
  if (user !== undefined) return { user, features };
  if (history === undefined && features !== undefined) return { features };
  return { history: history ?? [], features };
}

const momentOf = ({ context, at }: Asks): MomentOptions => ({ context, at: at ? new Date(at) : undefined });

/** A copy whose lists may be written, as the schemas of answers have them. */
const plain = ({ reasons, reviews, gates, ...item }: ReturnType<typeof namedItems>[number]) => ({
  ...item,
  ...(reasons && { reasons: [...reasons] }),
  ...(reviews && { reviews: [...reviews] }),
  ...(gates && { gates: { ...gates } }),
});
