import { askOverview, overviewSchema } from '@towerkit/recommend';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';

/** Users that the page shows. */
const USERS = 4;

/** `GET /v1/overview`: what the page opens with, and only where there is a page, as it tells what some users had. */
export function overview(app: App, { registry, options }: Context): void {
  if (!options.page) return;
  app.get(
    '/v1/overview',
    {
      schema: {
        operationId: 'getOverview',
        tags: ['models'],
        summary:
          'What a page opens with: items of the first model on a map, columns to filter by, some users',
        response: { 200: overviewSchema, '4xx': problemSchema, 503: problemSchema },
      },
    },
    () => askOverview(registry.first, USERS),
  );
}
