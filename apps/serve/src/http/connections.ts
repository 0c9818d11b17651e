import { TowerkitError } from '@towerkit/core';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Duplex } from 'node:stream';

import type { ResolvedOptions } from '../options.js';
import { problem, PROBLEM_HEADERS, type Problem } from './problems.js';

/** Characters of an id, and bytes of one in a target: three of UTF-8, each written %XX, and a comma. */
const ID_BYTES = 512 * 9 + 3;
/** Bytes of a head beside the ids. */
const OTHER_BYTES = 16 * 1024;
/** Bytes of a head by default, at most. */
const MOST_HEAD = 8 * 1024 * 1024;
/** Bytes of a path: the router and the files of the page are slow with long ones, and an id needs less. */
const MOST_PATH = 8 * 1024;
/** Milliseconds that a client has to read why it was refused. */
const LINGER = 1000;

/** Bytes of request line and headers: as many as a `GET` with `limits.history` ids may need. */
export const headLimit = ({ head, history }: ResolvedOptions['limits']): number =>
  head ?? Math.min(MOST_HEAD, history * ID_BYTES + OTHER_BYTES);

/**
 * How connections are held to their limits. A request has `limits.request` to come in whole, head and body together
 * (Node takes the longer of its two limits for the body); `limits.idle` is for connections that wait for nothing.
 */
export function connectionOptions({ limits }: ResolvedOptions) {
  return {
    requestTimeout: limits.request,
    keepAliveTimeout: limits.idle,
    http: {
      headersTimeout: limits.request,
      requestTimeout: limits.request,
      // By itself Node looks for slow clients every 30 s.
      connectionsCheckingInterval: Math.max(100, Math.min(limits.request, 30_000) / 2),
      maxHeaderSize: headLimit(limits),
      requireHostHeader: false, // Node's refusal is empty; ours is in checkHost
    },
    clientErrorHandler: (error, socket) => refuse(socket, problemOfConnection(error.code, limits)),
    rewriteUrl: (request) => {
      const target = originForm(request);
      return pathLength(target) > MOST_PATH ? '/' : target; // watchConnections refuses it, before any route
    },
    routerOptions: { maxParamLength: 600, querystringParser: (text) => queryOf(text, limits.history) },
  } satisfies FastifyServerOptions & { http: unknown };
}

/** What the options cannot say: clients that do not read, and what Node would answer by itself or not at all. */
export function watchConnections(app: FastifyInstance, { limits }: ResolvedOptions): void {
  app.addHook('onRequest', ({ raw, originalUrl }, reply, done) => {
    answers.set(raw.socket, { raw, reply: reply.raw });
    if (pathLength(originalUrl) <= MOST_PATH) return done();
    throw new TowerkitError('BAD_REQUEST', `the path is longer than ${MOST_PATH} bytes`);
  });
  // While an answer is computed nothing is sent, and that is not silence of the client; while it is sent, it is.
  app.addHook('onSend', ({ raw: { socket } }, reply, _payload, done) => {
    socket.setTimeout(limits.idle);
    reply.raw.prependOnceListener('finish', () => socket.setTimeout(0)); // before Node sets that of keep-alive
    done();
  });
  app.server.on('checkExpectation', ({ socket }: IncomingMessage) =>
    refuse(socket, problem(417, 'BAD_REQUEST', 'the only expectation that is met is 100-continue')),
  );
  app.server.on('connect', (_request, socket) =>
    refuse(socket, problem(501, 'BAD_REQUEST', 'this is no proxy: there is no CONNECT')),
  );
}

interface Answer {
  readonly raw: IncomingMessage;
  readonly reply: ServerResponse;
}

/** The newest request of each connection. */
const answers = new WeakMap<Duplex, Answer>();
const refused = new WeakSet<Duplex>();

/** Answers what Node could not read, after what was asked before on the same connection, and closes it. */
function refuse(socket: Duplex, what: Problem): void {
  if (socket.destroyed || refused.has(socket)) return;
  refused.add(socket);
  const last = answers.get(socket);
  const broken = last !== undefined && !last.raw.complete; // the body of a request that has its answer already or never
  if (last && !broken && !last.reply.writableFinished && !last.reply.destroyed)
    last.reply.once('close', () => hangUp(socket, what));
  else if (broken && last.reply.headersSent) socket.destroy();
  else hangUp(socket, what);
}

function hangUp(socket: Duplex, what: Problem): void {
  socket.on('error', () => undefined); // Node has taken its own listeners off
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(what);
  const headers = { ...PROBLEM_HEADERS, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${what.status} ${what.title}\r\n${lines.join('')}\r\n${body}`);
  // At once, what the client is still sending would make the system throw the answer away.
  setTimeout(() => socket.destroy(), LINGER).unref();
}

function problemOfConnection(code: string, limits: ResolvedOptions['limits']): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return problem(408, 'REQUEST_TIMEOUT', `the request did not come in whole within ${limits.request} ms`);
  if (code === 'HPE_HEADER_OVERFLOW')
    return problem(431, 'HEAD_TOO_LARGE', `request line and headers exceed ${headLimit(limits)} bytes`, {
      hint: 'ask by POST, or raise limits.head',
    });
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return problem(413, 'BODY_TOO_LARGE', 'the extensions of a chunk are too long');
  return problem(400, 'BAD_REQUEST', `this is no HTTP/1.1 request (${code})`, {
    hint: 'a target is ASCII, others percent-encoded; one content-length or transfer-encoding, not both',
  });
}

/** The target `http://host/path` of requests to proxies as the path; its host is then the one that counts (RFC 9112, 3.2.2). */
function originForm({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
  if (url.startsWith('/')) return url;
  const [, host, path] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (host === undefined) return url;
  headers.host = host;
  return path.startsWith('/') ? path : `/${path}`;
}

const pathLength = (target: string) => {
  const end = target.indexOf('?');
  return end < 0 ? target.length : end;
};

/** The parameters of a query; of too many a name that no route has, so that they are refused and not read. */
function queryOf(text: string, history: number) {
  const most = 2 * history + 100; // `history` and `exclude` may be repeated
  let count = 1;
  for (let at = text.indexOf('&'); at >= 0 && count <= most; at = text.indexOf('&', at + 1)) count++;
  return count > most
    ? { [`more than ${most} parameters`]: '' }
    : parse(text, undefined, undefined, { maxKeys: 0 });
}
