import cors from '@fastify/cors';
import Fastify, { LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';

import type { Context } from '../context.js';
import { timeRequests } from '../routes/metrics.js';
import type { App } from './app.js';
import { connectionOptions, watchConnections } from './connections.js';
import { answerError, problem, sendProblem } from './problems.js';
import { rates } from './rates.js';
import { security } from './security.js';

/** The server without its routes: what every connection and every request meets, whatever it is for. */
export async function bareApp(context: Context): Promise<App> {
  const { options } = context;
  const app: App = Fastify({
    logger: options.log === 'silent' ? false : { level: options.log, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.limits.body,
    ...connectionOptions(options),
    frameworkErrors: answerError,
    trustProxy: options.trustProxy.length > 0 ? options.trustProxy : false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
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
  timeRequests(app, context);
  watchConnections(app, options);
  security(app, options);
  if (options.cors.length > 0)
    await app.register(cors, {
      origin: [...options.cors],
      methods: ['GET', 'POST'],
      exposedHeaders: ['retry-after'],
      strictPreflight: false, // an OPTIONS request that is none is no error
    });
  await rates(app, context);
  return app;
}
