import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { fileURLToPath } from 'node:url';

import type { Context } from '../context.js';
import { events } from '../routes/events.js';
import { experiments } from '../routes/experiments.js';
import { health, models } from '../routes/health.js';
import { items } from '../routes/items.js';
import { search } from '../routes/search.js';
import { metricsRoute, timeRequests } from '../routes/metrics.js';
import { recommendations } from '../routes/recommendations.js';
import type { App } from './app.js';
import { guards } from './guards.js';
import { answerError, problem, sendProblem } from './problems.js';

const PUBLIC = fileURLToPath(new URL('../public/', import.meta.url));

/** The HTTP server, not listening yet. */
export async function createApp(context: Context): Promise<App> {
  const { options } = context;
  const { limits } = options;
  const app: App = Fastify({
    logger: options.log === 'silent' ? false : { level: options.log, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.body,
    requestTimeout: limits.request,
    connectionTimeout: limits.idle,
    // Slow clients are looked for as often as the shorter of their limits allows; by itself Node looks every 30 s.
    http: { connectionsCheckingInterval: Math.max(250, Math.min(limits.request, limits.idle, 30_000) / 2) },
    frameworkErrors: answerError,
    keepAliveTimeout: limits.idle,
    trustProxy: options.trustProxy,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 600 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      problem(404, 'NOT_FOUND', `there is no ${request.method} ${request.url}`, {
        hint: '/docs lists what there is',
      }),
    ),
  );
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Towerkit', version: '1', description: 'Recommendations from trained artifacts.' },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  timeRequests(app, context);
  health(app, context);
  await app.register(async (scope) => {
    const api = scope as App;
    await guards(api, context);
    for (const routes of [recommendations, items, search, events, experiments, models, metricsRoute])
      routes(api, context);
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  if (options.page) await app.register(fastifyStatic, { root: PUBLIC, prefix: '/' });
  return app;
}
