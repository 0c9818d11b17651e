import { z } from 'zod';

import type { Context } from '../context.js';
import type { App } from '../http/app.js';
import type { Refusal } from '../models/supervisor.js';
import { problem, problemSchema, sendProblem } from '../http/problems.js';

/** `GET /health/live` and `/health/ready`. */
export function health(app: App, { ready, store, mounted, refusals }: Context): void {
  const ok = z.object({
    status: z.literal('ok'),
    warnings: z
      .array(z.string())
      .optional()
      .describe('MOUNTED_ARTIFACT, or why a newer artifact was refused, such as BAD_ARTIFACT or TIMEOUT'),
  });
  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'getLive',
        tags: ['health'],
        summary: 'Whether the process runs',
        response: { 200: ok },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'getReady',
        tags: ['health'],
        summary: 'Whether requests should come here',
        response: { 200: ok, 503: problemSchema },
      },
    },
    async (_request, reply) => {
      if (!ready())
        return sendProblem(reply, problem(503, 'NOT_READY', 'the server is starting or going down'));
      await store.ping(); // a `WatchedStore` asks once for however many come at once
      const codes = [...refusals().values()].map(({ code }) => code);
      const warnings = [...new Set([...(mounted().size > 0 ? ['MOUNTED_ARTIFACT'] : []), ...codes])];
      return { status: 'ok' as const, ...(warnings.length > 0 && { warnings }) };
    },
  );
}

/** `GET /v1/models`. */
export function models(app: App, { registry, refusals, mounted }: Context): void {
  const model = z
    .object({
      name: z.string(),
      kind: z.string(),
      version: z.string(),
      items: z.int(),
      users: z.int(),
      index: z
        .string()
        .describe(
          'driver that finds the candidates, such as exact, hnsw or pgvector; all items where each is scored',
        ),
      reads: z
        .array(z.enum(['history', 'text', 'features', 'user_features', 'context']))
        .describe('what it can be asked by'),
      context: z
        .record(z.string(), z.enum(['text', 'number', 'date', 'time']))
        .optional()
        .describe('what it reads of the moment: each must be said, be it as null, but for parts of the time'),
      rerank: z.string().optional().describe('kind of the model that ranks again'),
      metrics: z.record(z.string(), z.number()).describe('of its validation users'),
      intervals: z.record(z.string(), z.array(z.number())).describe('of the metrics, 95%'),
      explains: z.boolean().describe('whether it can say why'),
      recall: z.number().describe('of its index against an exact search, before it took over'),
      gates: z
        .unknown()
        .optional()
        .describe('mean gate weights by side and by how often items or users are rated'),
      refused: z
        .object({ version: z.string().optional(), code: z.string(), detail: z.string() })
        .optional()
        .describe('a newer artifact that lies in its place and does not hold'),
      mounted: z.boolean().describe('whether its folder is a mount point, where a renamed one is not seen'),
    })
    .meta({ id: 'Model' });
  app.get(
    '/v1/models',
    {
      schema: {
        operationId: 'listModels',
        tags: ['models'],
        summary: 'The models that answer',
        response: { 200: z.object({ models: z.array(model) }), 503: problemSchema },
      },
    },
    async () => ({
      models: registry.models.map((one) => ({
        name: one.name,
        kind: one.kind,
        version: one.version,
        items: one.items.size,
        users: one.users.size,
        index: one.index,
        explains: one.explains,
        recall: one.recall,
        reads: [
          'history' as const,
          ...(one.readsText ? ['text' as const] : []),
          ...(one.readsFeatures ? ['features' as const] : []),
          ...(one.readsUsers ? ['user_features' as const] : []),
          ...(one.context ? ['context' as const] : []),
        ],
        ...(one.context && { context: one.context }),
        ...(one.rerank && { rerank: one.rerank.artifact.manifest.kind }),
        metrics: Object.fromEntries(Object.entries(one.metrics).map(([name, { value }]) => [name, value])),
        intervals: Object.fromEntries(
          Object.entries(one.metrics).map(([name, { low, high }]) => [name, [low, high]]),
        ),
        mounted: mounted().has(one.folder),
        ...(refusals().has(one.name) && { refused: withoutPaths(refusals().get(one.name)!) }),
        ...(one.gates !== undefined && { gates: one.gates }),
      })),
    }),
  );
}

/** A refusal as clients may know it: its own words name files of the server, and are on stderr. */
const withoutPaths = ({ version, code }: Refusal) => ({
  version,
  code,
  detail: 'what lies in its place now was refused; stderr says why',
});
