import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { OpenArtifact } from '@towerkit/recommend';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createMcpServer } from '../create-server.js';
import { TowerkitError } from '../errors.js';
import { readBody, Refused } from './read-body.js';

/** Where to listen. */
export interface McpHttpOptions {
  /** 0 is any that is free. */
  readonly port: number;
}

/** A server that listens. */
export interface RunningMcpServer {
  /** Such as `http://127.0.0.1:8090/mcp`. */
  readonly url: string;
  /** Finishes what was asked. */
  close(): Promise<void>;
}

const PATH = '/mcp';
const HOST = '127.0.0.1';
/** Names of this machine: a page of another site cannot ask under one of them, whatever its name resolves to. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** Milliseconds for a request to arrive. */
const ARRIVES = 30_000;

/**
 * Answers over HTTP ("streamable HTTP" of the protocol) at `/mcp` of 127.0.0.1, without sessions: each request is complete. It
 * asks for no key; requests under a name that is not of this machine, or from pages of another, are refused.
 *
 * @throws TowerkitError `BAD_OPTION` for what is no port; `CANNOT_LISTEN`
 * @example
 * ```ts
 * const { url, close } = await serveHttp(await openArtifact('artifacts/shop'), { port: 8090 });
 * ```
 */
export async function serveHttp(artifact: OpenArtifact, { port }: McpHttpOptions): Promise<RunningMcpServer> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TowerkitError('BAD_OPTION', `${port} is no port`, {
      hint: 'ports are whole numbers from 0 to 65535; 0 is any that is free',
      details: { option: 'port', value: port },
    });
  const http = createServer({ requestTimeout: ARRIVES }, (request, response) => {
    answer(artifact, request, response).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(port, HOST, resolve);
  }).catch((cause: Error) => {
    throw new TowerkitError('CANNOT_LISTEN', `${HOST}:${port}: ${cause.message}`, {
      hint: 'choose another port, or 0 for any that is free',
      cause,
    });
  });
  return {
    url: `http://${HOST}:${(http.address() as AddressInfo).port}${PATH}`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeIdleConnections();
      }),
  };
}

async function answer(
  artifact: OpenArtifact,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host = '', origin } = request.headers;
  if (!LOCAL.test(host) || (origin !== undefined && !LOCAL.test(origin.replace(/^https?:\/\//, ''))))
    throw new Refused(403, 'this server answers to programs and pages of its own machine only');
  if (new URL(request.url ?? '/', 'http://local').pathname !== PATH)
    throw new Refused(404, `there is only ${PATH}`);
  if (request.method !== 'POST')
    throw new Refused(405, 'only POST: there are no sessions', { allow: 'POST' });
  const body = await readBody(request);
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = createMcpServer(artifact);
  response.once('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, body);
}

/** Answers an error as JSON-RPC has it. What is no refusal of ours is told to stderr alone. */
function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof Refused;
  if (!known) process.stderr.write(`error INTERNAL: ${(error as Error)?.stack ?? String(error)}\n`);
  const { status, code, headers, message } = known ? error : new Refused(500, 'something went wrong here');
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
