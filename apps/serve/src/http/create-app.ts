import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { fileURLToPath } from 'node:url';

import type { Context } from '../context.js';
import { events } from '../routes/events.js';
import { experiments } from '../routes/experiments.js';
import { health, models } from '../routes/health.js';
import { items } from '../routes/items.js';
import { search } from '../routes/search.js';
import { metricsRoute } from '../routes/metrics.js';
import { recommendations } from '../routes/recommendations.js';
import type { App } from './app.js';
import { bareApp } from './bare-app.js';
import { guards } from './guards.js';

const PUBLIC = fileURLToPath(new URL('../public/', import.meta.url));

/** The HTTP server, not listening yet. */
export async function createApp(context: Context): Promise<App> {
  const app = await bareApp(context);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Towerkit', version: '1', description: 'Recommendations from trained artifacts.' },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { validatorUrl: null } }); // asks nobody else
  health(app, context);
  await app.register(async (scope) => {
    const api = scope as App;
    guards(api, context);
    for (const routes of [recommendations, items, search, events, experiments, models, metricsRoute])
      routes(api, context);
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  if (context.options.page) await app.register(fastifyStatic, { root: PUBLIC, prefix: '/' });
  return app;
}
