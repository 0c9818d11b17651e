import { filterSchema, queryOf, strictObject } from '@towerkit/recommend';
import { z } from 'zod';

import { itemsOf, knownOf } from '../answer.js';
import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';
import { answerSchema, idSchema } from '../schemas/recommendations.js';

/** `GET` and `POST /v1/search`: by what a text means where a model reads texts, else by the words of titles. */
export function search(app: App, context: Context): void {
  const { registry } = context;
  const { limits } = context.options;
  const query = strictObject({
    q: z.string().min(1).max(limits.text).describe('what is looked for'),
    k: z.int().min(1).max(limits.k).default(10).describe('how many items'),
    filter: filterSchema.optional(),
    user: idSchema.optional().describe('somebody whose events are kept: products like theirs come sooner'),
    history: z.array(idSchema).max(limits.history).optional().describe('products like these come sooner'),
    model: idSchema.optional().describe('a model by its name; one that reads texts when absent'),
  });
  const about = {
    tags: ['items'],
    summary: 'Find items by a text',
    description: 'The source is `titles` where titles were searched: no model reads or knows the words.',
    response: {
      200: answerSchema.pick({ items: true, source: true, model: true, version: true }),
      '4xx': problemSchema,
      503: problemSchema,
    },
  };
  const find = async ({ q, k, filter, model, user, history }: z.output<typeof query>) => {
    const from =
      model === undefined
        ? (registry.models.find((one) => one?.readsText) ?? registry.first)
        : registry.named(model);
    const { name, version } = from;
    const known = await knownOf(context, from, { user, history });
    const found = from.readsText
      ? await from.pool.ask('search', { content: { text: q }, k, where: filter, history: known.history })
      : await from.pool.ask('find', { query: q, k, where: filter });
    return { items: itemsOf(from, found), source: found.source, model: name, version };
  };
  const post = { ...about, operationId: 'postSearch', body: query };
  const get = { ...about, operationId: 'searchItems', querystring: queryOf(query) };
  app.post('/v1/search', { schema: post }, (request) => find(request.body));
  app.get('/v1/search', { schema: get }, (request) => find(request.query as z.output<typeof query>));
}
