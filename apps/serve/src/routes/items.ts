import { catalogItem, filterSchema, itemOfId, itemsOfId, queryOf } from '@towerkit/recommend';
import { z } from 'zod';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';
import { itemsOf } from '../answer.js';
import { answerSchema } from '../schemas/recommendations.js';

const itemSchema = z
  .object({
    id: z.string(),
    title: z.string().optional(),
    training_count: z.int().describe('how often it stands in training'),
    attributes: z.record(z.string(), z.unknown()).describe('the other columns of the catalog'),
  })
  .meta({ id: 'CatalogItem' });

/** `GET /v1/items`, `/v1/items/{id}` and `/v1/items/{id}/similar`. */
export function items(app: App, { registry, options: { limits } }: Context): void {
  const tags = ['items'];
  const model = z.string().min(1).max(512).optional().describe('a model by its name; the first when absent');
  const of = (name: string | undefined) => (name === undefined ? registry.first : registry.named(name));
  const k = z.int().min(1).max(limits.k).default(10).describe('how many items');

  const list = z.strictObject({
    q: z
      .string()
      .max(limits.text)
      .optional()
      .describe(
        'beginnings of words of the title, or an id, which comes first; the most popular when absent',
      ),
    k,
    model,
  });
  app.get(
    '/v1/items',
    {
      schema: {
        operationId: 'listItems',
        tags,
        summary: 'Find items by the beginning of their title, or list the popular ones',
        querystring: queryOf(list),
        response: {
          200: z.object({ items: z.array(itemSchema), total: z.int().describe('items of the model') }),
          '4xx': problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request) => {
      const { q = '', k, model } = request.query as z.output<typeof list>;
      const from = of(model);
      const named = itemsOfId(from, q);
      const { items: titled } = await from.pool.ask('find', { query: q.trim() === '' ? undefined : q, k });
      const found = [...named, ...titled.filter((item) => item !== named[0])].slice(0, k);
      return { items: found.map((item) => catalogItem(from, item)), total: from.items.size };
    },
  );

  const params = z.object({ id: z.string().min(1).max(512) });
  const one = z.strictObject({ model });
  app.get(
    '/v1/items/:id',
    {
      schema: {
        operationId: 'getItem',
        tags,
        summary: 'One item',
        params,
        querystring: queryOf(one),
        response: { 200: itemSchema, '4xx': problemSchema },
      },
    },
    async (request) => {
      const from = of((request.query as z.output<typeof one>).model);
      return catalogItem(from, itemOfId(from, request.params.id, from.name));
    },
  );

  const similar = z.strictObject({ k, filter: filterSchema.optional(), model });
  app.get(
    '/v1/items/:id/similar',
    {
      schema: {
        operationId: 'getSimilarItems',
        tags,
        summary: 'Items most like one',
        params,
        querystring: queryOf(similar),
        response: {
          200: answerSchema.pick({ items: true, source: true, model: true, version: true }),
          '4xx': problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request) => {
      const { k, filter, model } = request.query as z.output<typeof similar>;
      const from = of(model);
      const found = await from.pool.ask('similar', {
        item: itemOfId(from, request.params.id, from.name),
        k,
        where: filter,
      });
      return { items: itemsOf(from, found), source: found.source, model: from.name, version: from.version };
    },
  );
}
