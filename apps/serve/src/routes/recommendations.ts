import { queryOf } from '@towerkit/recommend';
import type { z } from 'zod';

import { answer } from '../answer.js';
import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import { problemSchema } from '../http/problems.js';
import { answerSchema, questionSchema } from '../schemas/recommendations.js';

/** `GET` and `POST /v1/recommendations`. */
export function recommendations(app: App, context: Context): void {
  const body = questionSchema(context.options);
  const response = { 200: answerSchema, '4xx': problemSchema, 503: problemSchema };
  const tags = ['recommendations'];
  app.post(
    '/v1/recommendations',
    {
      schema: {
        operationId: 'recommend',
        tags,
        summary: 'Recommend items to somebody',
        body,
        response,
      },
    },
    (request) => answer(context, request.body),
  );
  app.get(
    '/v1/recommendations',
    {
      schema: {
        operationId: 'recommendByUrl',
        tags,
        summary: 'The same, asked by a URL',
        querystring: queryOf(body),
        response,
      },
    },
    (request) => answer(context, request.query as z.output<typeof body>),
  );
}
