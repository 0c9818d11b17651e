import fc from 'fast-check';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Fixtures } from '../fixtures/fixtures.js';
import type { Fault, Running, Target } from '../run/target.js';
import { exchange, type WireAnswer } from '../server/exchange.js';
import { requestsOf, type Document } from '../server/requests.js';
import type { RequestCase } from '../server/strange-requests.js';
import { startServer, type Server } from '../server/server.js';

/** Requests that are sent at once. */
export interface ServerCase {
  readonly requests: readonly RequestCase[];
}

/** Milliseconds for an answer: what may wait for a thread, and a little more. */
const LIMIT = 12_000;
/** Milliseconds in which `/health/live` answers whatever was asked before. */
const LIVE = 1000;
/** Answers of any route, whatever it documents: Node's and the router's. */
const GENERAL = [400, 404, 405, 408, 413, 414, 415, 417, 421, 431, 503];

/** Requests made from the server's own document, several at once, against a real server with several artifacts. */
export const server = (names: readonly string[], codes: ReadonlySet<string>): Target<ServerCase> => ({
  name: 'server',
  artifacts: names,
  async cases(fixtures) {
    const { running, document } = await opened(fixtures, names);
    await running.stop();
    const hints = {
      texts: ['P0001', 'P0002', 'P0003', 'P0099', 'nobody', 'U00001', 'red mug', names[0], 'Music', 'hour'],
      named: {
        filter: [
          { category: 'Music' },
          { price: { lt: 20 } },
          { any: [{ category: 'Music' }], not: { price: { gte: 5 } } },
          { a: { lt: [] } },
        ],
        context: [{}, { hour: 8 }, { hour: '18', weekday: null }, { weekday: 'Monday' }, { hour: [8] }],
        model: [...names, 'no-such'],
        type: ['view', 'click', 'purchase', 'no-such'],
        q: ['red', 'P0001', 'a b c', 'x '.repeat(900)],
      },
      spoilt: 4,
    };
    return fc.record({ requests: fc.array(requestsOf(document, hints), { minLength: 1, maxLength: 6 }) });
  },
  async open(fixtures, folder) {
    await mkdir(folder, { recursive: true });
    const target = new ServerTarget(fixtures, folder, names, codes);
    await target.memory(); // the server has started before the time of the cases begins
    return target;
  },
});

const OPTIONS = { interleave: true, impressions: 'all', events: 'events.db' };

async function opened(fixtures: Fixtures, names: readonly string[], folder = fixtures.folder) {
  const artifacts = names.map((name) => join(fixtures.folder, name));
  const running = await startServer(folder, { artifacts, ...OPTIONS });
  const document = (await (await fetch(`${running.url}/openapi.json`)).json()) as Document;
  return { running, document };
}

class ServerTarget implements Running<ServerCase> {
  #running: Server | undefined;
  #document: Document | undefined;

  constructor(
    readonly fixtures: Fixtures,
    readonly folder: string,
    readonly names: readonly string[],
    readonly codes: ReadonlySet<string>,
  ) {}

  async try({ requests }: ServerCase): Promise<Fault | undefined> {
    const { port, url, ended, said } = await this.#start();
    const dead = ended.then((how) => ({ how }));
    const answers = await Promise.race([
      Promise.all(requests.map(({ request }) => exchange(port, request, LIMIT))),
      dead,
    ]);
    if ('how' in answers) {
      this.#running = undefined;
      return { kind: 'crash', signature: `crash: server ${answers.how}`, detail: said() };
    }
    for (const [place, { operation }] of requests.entries()) {
      const found = this.#judge(operation, requests[place].request.method, answers[place]);
      if (found)
        return found.signature.includes('500') ? { ...found, detail: `${found.detail}\n${said()}` } : found;
    }
    const asked = performance.now();
    const live = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(LIMIT) }).catch(
      () => undefined,
    );
    const took = performance.now() - asked;
    if (live?.status === 200 && took < LIVE) return undefined;
    await this.close();
    return {
      kind: 'hang',
      signature: `hang: server, /health/live after ${requests
        .map(({ operation }) => operation)
        .join(', ')
        .slice(0, 80)}`,
      detail: `/health/live took ${Math.round(took)} ms`,
    };
  }

  #judge(
    operation: string,
    method: string,
    { status, headers, body, failed }: WireAnswer,
  ): Fault | undefined {
    const fault = (kind: Fault['kind'], what: string, where = `${operation}: `): Fault => ({
      kind,
      signature: `${kind}: ${where}${what}`,
      detail: `${what}: ${status} ${body.slice(0, 500)}`,
    });
    if (failed === 'late') return fault('hang', 'no answer');
    // Node hangs up on what it cannot read as a request, with a status or without one.
    if (status === undefined) return undefined;
    const [path, verb] = [operation.split(' ')[1], operation.split(' ')[0].toLowerCase()];
    const documented = this.#document!.paths[path]?.[verb]?.responses ?? {};
    const inDocument =
      String(status) in documented ||
      `${String(status)[0]}XX` in documented ||
      `${String(status)[0]}xx` in documented;
    if (status === 500) return fault('undocumented', `status 500`);
    if (operation !== 'none' && !inDocument && !GENERAL.includes(status))
      return fault('undocumented', `status ${status}`);
    if (status < 400 || method === 'HEAD') return undefined;
    if (!/^application\/problem\+json/.test(headers['content-type'] ?? ''))
      return fault('undocumented', `${status} as ${headers['content-type'] ?? 'nothing'}`, '');
    const { code, status: said } = asProblem(body);
    if (said !== status || code === undefined) return fault('undocumented', `${status} without a problem`);
    return this.codes.has(code) ? undefined : fault('undocumented', `code ${code}`);
  }

  memory = async (): Promise<number> => (await this.#start()).memory();

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running) await running.stop();
  }

  async #start(): Promise<Server> {
    if (this.#running) return this.#running;
    const { running, document } = await opened(this.fixtures, this.names, this.folder);
    this.#document = document;
    return (this.#running = running);
  }
}

function asProblem(body: string): { code?: string; status?: number } {
  try {
    return JSON.parse(body) as { code?: string; status?: number };
  } catch {
    return {};
  }
}
