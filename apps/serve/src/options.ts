import { TowerkitError } from '@towerkit/core';
import { DEFAULT_KINDS, type EventKind } from '@towerkit/events';
import { isIP } from 'node:net';
import { z } from 'zod';

const count = z.int().min(1);
const milliseconds = z.int().min(0);
const days = z.number().positive().optional();
const PROXY = 'expected the addresses of your own proxies, such as ["10.0.0.5", "192.168.0.0/16"]';

/** What the drivers of databases need to connect: they hold secrets, which no message shows. */
const connections = z
  .strictObject({
    pgvector: z
      .strictObject({
        connection: z
          .union([z.string(), z.record(z.string(), z.unknown())], 'expected a URL or an object')
          .describe('postgres://user:password@host:port/database, or what the pg client takes as an object'),
        connections: count.optional().describe('connections of each thread, at most'),
        timeout: count.optional().describe('milliseconds for a statement'),
      })
      .optional(),
    milvus: z
      .strictObject({
        address: z.string().describe('host:port'),
        client: z.record(z.string(), z.unknown()).optional().describe('token, username, password, ...'),
        timeout: count.optional().describe('milliseconds for a request'),
      })
      .optional(),
  })
  .optional()
  .describe('how to connect to a database that holds the index of an artifact');

/** What the server is started with, its limits and defaults: flags, `--config FILE` and {@link serve} all go through it. */
export const optionsSchema = z.strictObject({
  artifacts: z
    .array(z.string().min(1))
    .min(1)
    .describe('folders of artifacts; the first answers unless `split` says otherwise'),
  host: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 for all'),
  port: z.int().min(0).max(65_535).default(8080).describe('port to listen on; 0 for any that is free'),
  split: z
    .array(z.number().min(0))
    .optional()
    .describe('shares of the users that the artifacts answer, in the same order'),
  interleave: z
    .boolean()
    .default(false)
    .describe('mix the lists of the first two artifacts by team draft, each item naming its model'),
  seed: z
    .int()
    .default(0)
    .describe(
      'decides what is drawn: who picks first where lists are interleaved, the model of somebody unnamed',
    ),
  impressions: z
    .enum(['experiments', 'all', 'none'])
    .default('experiments')
    .describe(
      'answers that are recorded with what they showed: those of a split or of interleaving, all, or none',
    ),
  kinds: z
    .record(
      z.string().min(1).max(64),
      z.strictObject({
        history: z.boolean().default(false).describe('whether the item enters the history of the user'),
        exclude: z.boolean().default(false).describe('whether the item is left out of answers to the user'),
      }),
    )
    .default({})
    .transform((own): Record<string, EventKind> => ({ ...DEFAULT_KINDS, ...own }))
    .describe('kinds of events beside the usual ones, or what these mean here'),
  rerank: z.string().optional().describe('folder of an artifact that ranks the candidates again'),
  rerankEndpoint: z
    .strictObject({
      url: z
        .string()
        .describe('POST {model, query, documents, top_n} -> {results: [{index, relevance_score}]}'),
      model: z.string().optional().describe('what the endpoint calls its model'),
      keyFile: z.string().optional().describe('file with the key that it asks for'),
      timeout: count.default(500).describe('milliseconds, after which the list stays as it is'),
      candidates: count.default(50).describe('items that it is sent'),
      columns: z.array(z.string()).min(1).default(['title']).describe('what it is told of an item'),
    })
    .optional()
    .describe('an endpoint of the shape of Cohere and Jina that ranks the first candidates again'),
  candidates: count.default(1000).describe('candidates that are ranked again or diversified'),
  index: connections,
  diversity: z.number().min(0).max(1).default(0).describe('diversity where a request names none, 0 to 1'),
  models: z.string().optional().describe('folder of local text models; the hub when absent'),
  snapshots: z
    .string()
    .optional()
    .describe('folder for the copies that artifacts answer from; that for temporary files when absent'),
  events: z.string().default('events.db').describe('file of the embedded database, or postgres://...'),
  eventsPasswordFile: z
    .string()
    .optional()
    .describe('file with the password of PostgreSQL; PGPASSWORD or PGPASSFILE when absent'),
  retention: z
    .strictObject({
      events: days.describe('days that events are kept; for good when absent'),
      impressions: days.describe('days that impressions are kept; for good when absent'),
      every: count
        .max(2 ** 31 - 1)
        .default(3_600_000)
        .describe('milliseconds between removing what is older'),
    })
    .prefault({}),
  apiKeyFile: z.string().optional().describe('file with API keys, one a line; without it none is asked for'),
  threads: count
    .optional()
    .describe('threads for each artifact; one fewer than the cores, at least 1, when absent'),
  page: z.boolean().default(true).describe('serve the page at /'),
  ground: z.string().optional().describe('GeoJSON to draw below places'),
  cors: z.array(z.string()).default([]).describe('origins that browsers may call from; none by default'),
  trustProxy: z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(/[\s,]+/) : given === false ? [] : given),
      z.array(z.string().refine(isProxy, PROXY), PROXY),
    )
    .default([])
    .describe('proxies whose X-Forwarded-For says who a client is: addresses or CIDR ranges'),
  hosts: z
    .array(z.string().min(1))
    .default([])
    .describe('names the server answers to; by default any, or on a loopback address those of the loopback'),
  limits: z
    .strictObject({
      body: count.default(64 * 1024).describe('bytes of a request body'),
      k: count.default(100).describe('items of an answer'),
      history: count.default(500).describe('items of a history'),
      reasons: count.default(50_000).describe('k times items of the history, where reasons are asked for'),
      events: count.default(1000).describe('events of a request'),
      store: z.int().min(0).default(0).describe('bytes of events and impressions; 0: any number'),
      users: z.int().min(0).default(0).describe('users with events that no model knows; 0: any number'),
      text: count.default(2000).describe('characters of a text'),
      head: z
        .int()
        .min(1024)
        .max(16 * 1024 * 1024)
        .optional()
        .describe('bytes of request line and headers; as many as a GET with `history` ids needs when absent'),
      inFlight: count.default(256).describe('requests that are answered at once; more get 503'),
      rate: z
        .int()
        .min(0)
        .default(0)
        .describe('requests of a key, or of an address without one, in a second; 0: any number'),
      request: milliseconds.default(10_000).describe('milliseconds for a request to come in whole; 0: any'),
      answer: milliseconds.default(5000).describe('milliseconds a question may wait for a thread'),
      open: count.default(300_000).describe('milliseconds to copy, verify, try and open an artifact'),
      memory: count.optional().describe('MiB an artifact may take to be tried; half of all when absent'),
      idle: milliseconds
        .default(30_000)
        .describe('milliseconds before a connection that waits for nothing is closed'),
    })
    .prefault({}),
  watch: milliseconds.default(500).describe('milliseconds between looks at the artifacts; 0: on SIGHUP only'),
  minRecall: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('an artifact whose index finds less of the exact answers is refused'),
  measureShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('share of the answers whose recall is measured'),
  drain: milliseconds.default(10_000).describe('milliseconds that requests have to finish on SIGTERM'),
  grace: milliseconds
    .default(0)
    .describe('milliseconds after SIGTERM in which new requests are still answered, while readiness fails'),
  log: z
    .enum(['silent', 'error', 'warn', 'info'])
    .default('warn')
    .describe('what goes to stderr, as JSON lines'),
});

/** Options of a server; all but `artifacts` have defaults. */
export type ServeOptions = z.input<typeof optionsSchema>;
export type ResolvedOptions = z.output<typeof optionsSchema>;

/**
 * Options with their defaults.
 *
 * @param without names that do not belong here
 * @throws TowerkitError `BAD_OPTION`
 */
export function checkOptions(given: ServeOptions, without: readonly string[] = []): ResolvedOptions {
  const result = optionsSchema.safeParse(given);
  const bad = (message: string) =>
    new TowerkitError('BAD_OPTION', message, { hint: '`towerkit serve --help` lists the options' });
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw bad(`${path.join('.')}: ${message}`);
  }
  const stray = without.find((name) => name in given);
  if (stray !== undefined) throw bad(`${stray}: the server that this is part of decides on it`);
  const { split, artifacts, interleave, rerank, rerankEndpoint } = result.data;
  if (rerank !== undefined && rerankEndpoint) throw bad('rerank, rerankEndpoint: give one of them');
  if (split && split.length !== artifacts.length)
    throw bad(`split: ${split.length} shares for ${artifacts.length} artifacts`);
  if (interleave && artifacts.length < 2) throw bad('interleave: it takes two artifacts');
  return result.data;
}

/** Whether a text is an address, or a range of them that is not all there are. */
function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address, bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
