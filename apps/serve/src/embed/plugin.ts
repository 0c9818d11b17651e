import type { FastifyInstance, FastifyPluginOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';

import { api } from '../http/api.js';
import type { App } from '../http/app.js';
import { answerError } from '../http/problems.js';
import { checkOptions, type ServeOptions } from '../options.js';
import { timeRequests } from '../routes/metrics.js';
import { openService } from '../service.js';

/** Options of a server of its own, which somebody else's server decides on. */
const OF_SERVER = ['host', 'port', 'page', 'cors', 'trustProxy', 'hosts', 'grace', 'drain'] as const;

/** What answers inside another server: the options of `serve` but for those of listening, and no `page`. */
export type EmbeddedOptions = Omit<ServeOptions, (typeof OF_SERVER)[number]>;

/**
 * The routes of the server (`/v1/...`, `/health/...`, `/metrics`) as a plugin of Fastify 5, with its own checks, errors and
 * metrics. It is ready when the artifacts are open, which may take longer than Fastify's `pluginTimeout`, and closes with the
 * server it is in. Addresses, rates, CORS and time limits of connections are that server's.
 *
 * @param given options of `serve` but for those of listening; `prefix` as of any plugin
 * @throws TowerkitError as `serve` does
 * @example
 * ```ts
 * const app = Fastify({ pluginTimeout: 0 });
 * await app.register(towerkitPlugin, { prefix: '/recommender', artifacts: ['artifacts/shop'] });
 * await app.listen({ port: 3000 });
 * ```
 */
export async function towerkitPlugin(
  host: FastifyInstance,
  { prefix: _, logLevel: __, logSerializers: ___, ...given }: EmbeddedOptions & FastifyPluginOptions,
): Promise<void> {
  const options = checkOptions(given as EmbeddedOptions, OF_SERVER);
  const service = await openService(options, randomUUID);
  const app: App = host.withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.addHook('onRoute', (route) => void (route.bodyLimit ??= options.limits.body));
  app.addHook('onClose', () => service.close());
  timeRequests(app, service.context);
  await api(app, service.context);
  try {
    await service.start();
  } catch (error) {
    await service.close();
    throw error;
  }
}
