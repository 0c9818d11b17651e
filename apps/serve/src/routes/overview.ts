import { askOverview, overviewSchema, queryOf } from '@towerkit/recommend';
import { z } from 'zod';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';

/** Users that the page shows. */
const USERS = 4;

/** `GET /v1/overview`: what the page opens with, and only where there is a page, as it tells what some users had. */
export function overview(app: App, { registry, options }: Context): void {
  if (!options.page) return;
  const query = z.strictObject({
    model: z.string().min(1).max(512).optional().describe('a model by its name; the first when absent'),
  });
  app.get(
    '/v1/overview',
    {
      schema: {
        operationId: 'getOverview',
        tags: ['models'],
        summary:
          'What a page shows before anything is asked: a map of the items, columns to filter by, some users',
        querystring: queryOf(query),
        response: { 200: overviewSchema, '4xx': problemSchema, 503: problemSchema },
      },
    },
    (request) => {
      const { model } = request.query as z.output<typeof query>;
      return askOverview(model === undefined ? registry.first : registry.named(model), USERS);
    },
  );
}
