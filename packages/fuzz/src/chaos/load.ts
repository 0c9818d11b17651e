import { setTimeout as sleep } from 'node:timers/promises';

import type { Client, Reply } from './client.js';
import type { Ledger } from './ledger.js';
import type { Draws } from './random.js';

/** A question whose answer depends on the model alone. */
export type Question = Readonly<Record<string, unknown>>;

/** What the load needs. */
export interface LoadOptions {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly questions: readonly Question[];
  readonly draws: Draws;
  /** Requests a second, about. */
  readonly rate: number;
  /** Milliseconds since the start. */
  now(): number;
  /** Whether nothing is done to the artifacts now. */
  quiet(): boolean;
}

const SENDERS = 8;
const USERS = 50;
const EVENTS = 0.3;

/** Sends questions and events until it is told to stop. */
export async function load(options: LoadOptions, signal: AbortSignal): Promise<void> {
  let number = 0;
  const sender = async () => {
    while (!signal.aborted) {
      const due = sleep((1000 * SENDERS) / options.rate);
      if (options.draws.between(0, 1) < EVENTS) await sendEvent(options, number++);
      else await ask(options);
      await due;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

async function ask({ client, ledger, questions, draws, now, quiet }: LoadOptions): Promise<void> {
  const question = draws.below(questions.length);
  const asked = now();
  const still = quiet();
  const reply = await client.send('POST', '/v1/recommendations', questions[question]);
  const { status, body } = reply;
  ledger.count('text' in questions[question] ? 'a text' : 'a history', reply);
  if (status === 200) ledger.answered(question, body, asked, now(), still && quiet());
}

/** Times that clocks of clients say; most have none. */
const TIMES = [
  '1970-01-01T00:00:00Z',
  '1999-12-31T23:59:59+14:00',
  '2038-01-19T03:14:08Z',
  '2999-01-01T00:00:00Z',
];

async function sendEvent({ client, ledger, draws }: LoadOptions, number: number): Promise<void> {
  const user = `chaos-${draws.below(USERS)}`;
  const item = `event-${number}`;
  const odd = draws.between(0, 1) < 0.1;
  const skewed = () => new Date(Date.now() + draws.between(-7, 7) * 86_400_000).toISOString();
  const at = odd ? { at: draws.below(2) === 0 ? skewed() : draws.one(TIMES) } : {};
  const event = { id: item, user, item, type: 'view', ...at };
  const reply = await client.send('POST', '/v1/events', event);
  const { status } = reply;
  ledger.count('an event', reply);
  if (status === 201) ledger.acknowledge(user, item);
}

/** Compares what readiness says with what a write and a read do, again and again. */
export async function watchReadiness(
  { client, ledger, questions }: LoadOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let number = 0; !signal.aborted; number++) {
    const ready = async () => (await client.send('GET', '/health/ready')).status;
    const before = await ready();
    const written = await client.send('POST', '/v1/events', event(number));
    const read = await client.send('POST', '/v1/recommendations', { ...questions[0], user: 'ready' });
    const after = await ready();
    if (written.status === 201) ledger.acknowledge('ready', `ready-${number}`);
    if (before === after) {
      ledger.readySamples++;
      const works = written.status === 201 && read.status === 200 && knowsEvents(read);
      if (before !== 200) ledger.notReady++;
      if ((before === 200) !== works)
        ledger.readyLies.push(`ready ${before}, write ${written.status}, read ${read.status}`);
    }
    await sleep(200);
  }
}

/** A store that cannot be read does not keep the server from answering: the answer says that it knows of no events. */
const knowsEvents = ({ body }: Reply): boolean => !('without_events' in (JSON.parse(body) as object));

const event = (number: number) => ({
  id: `ready-${number}`,
  user: 'ready',
  item: `ready-${number}`,
  type: 'view',
});
