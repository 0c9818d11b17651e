import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { readGround } from '@towerkit/recommend';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { fileURLToPath } from 'node:url';

import type { Context } from '../context.js';
import { publishedDocument } from '../schemas/document.js';
import { api } from './api.js';
import type { App } from './app.js';
import { bareApp } from './bare-app.js';

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
  const document = () => publishedDocument(app.swagger(), context.registry.models);
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null }, // asks nobody else
    transformSpecification: document,
    transformSpecificationClone: false, // it is a copy
  });
  await api(app, context);
  app.get('/openapi.json', { schema: { hide: true } }, async () => document());
  const { page, ground } = context.options;
  if (!page) return app;
  const lines = ground && (await readGround(ground));
  app.get('/ground.geojson', { schema: { hide: true } }, (_, reply) =>
    lines ? reply.type('application/geo+json').send(lines) : reply.code(204).send(),
  );
  await app.register(fastifyStatic, { root: PUBLIC, prefix: '/' });
  return app;
}
