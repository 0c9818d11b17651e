import type { Context } from '../context.js';
import type { App } from '../http/app.js';

/** `GET /metrics`, and the clock of every request. */
export function metricsRoute(app: App, { metrics }: Context): void {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['health'],
        summary: 'Figures for Prometheus',
        produces: ['text/plain'],
      },
    },
    async (_request, reply) =>
      reply
        .type(metrics.registry.contentType)
        .serializer(String)
        .send(await metrics.registry.metrics()),
  );
}

/** Times every request by the pattern of its route, never by its address: ids are not labels. */
export function timeRequests(app: App, { metrics }: Context): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    metrics.requests.observe(
      { method, route: routeOptions.url ?? 'none', status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
  });
}
