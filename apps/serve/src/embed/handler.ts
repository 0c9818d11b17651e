import Fastify, { type InjectOptions } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { answerError } from '../http/problems.js';
import { towerkitPlugin, type EmbeddedOptions } from './plugin.js';

/** What answers requests of a server that is not Fastify. */
export interface TowerkitHandler {
  /** For `node:http`, Express and Connect; under Express, `app.use('/recommender', handler.node)`. */
  readonly node: (request: IncomingMessage & { readonly body?: unknown }, response: ServerResponse) => void;
  /** For whatever speaks the Fetch API: route handlers of Next.js, Hono, Remix. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Finishes what was asked, and frees threads and files. */
  close(): Promise<void>;
}

/**
 * Opens artifacts and gives the routes of the server as a function, without listening; resolves once they answer.
 *
 * @param given as of {@link towerkitPlugin}; `prefix` is what paths begin with, and is none by default
 * @throws TowerkitError as `serve` does
 * @example
 * ```ts
 * const handler = await openHandler({ artifacts: ['artifacts/shop'] });
 * express().use('/recommender', handler.node).listen(3000);
 * ```
 */
export async function openHandler(
  given: EmbeddedOptions & { readonly prefix?: string },
): Promise<TowerkitHandler> {
  const app = Fastify({
    logger: false,
    pluginTimeout: 0,
    frameworkErrors: answerError,
    routerOptions: { maxParamLength: 600 },
  });
  await app.register(towerkitPlugin, given);
  await app.ready();
  return {
    node: (request, response) => {
      if (request.body === undefined) return app.routing(request, response);
      // A parser of the other server has read the body.
      const { method, url, headers } = request;
      const own = { ...headers };
      delete own['content-length'];
      delete own['transfer-encoding'];
      const question = { method, url, headers: own, payload: request.body } as InjectOptions;
      app.inject(question).then(
        (answer) => response.writeHead(answer.statusCode, answer.headers).end(answer.rawPayload),
        (error: Error) => response.destroy(error),
      );
    },
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const { statusCode, headers, rawPayload } = await app.inject({
        method: request.method as 'GET',
        url: pathname + search,
        headers: headersOf(request),
        ...(request.body && { payload: Buffer.from(await request.arrayBuffer()) }),
      });
      const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      return new Response(new Uint8Array(rawPayload), { status: statusCode, headers: given });
    },
    close: () => app.close(),
  };
}

function headersOf({ headers }: Request): Record<string, string> {
  const given: Record<string, string> = {};
  headers.forEach((value, name) => (given[name] = value));
  return given;
}
