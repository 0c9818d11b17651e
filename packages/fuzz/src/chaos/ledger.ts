import type { Reply } from './client.js';
import type { Place } from './versions.js';

/** What was asked and answered, and what was wrong about it. */
export class Ledger {
  /** Items of events that were acknowledged, by user. */
  readonly acknowledged = new Map<string, string[]>();
  readonly statuses = new Map<number, number>();
  answers = 0;
  /** Answers of a version that was not whole there. */
  readonly wrongVersion: string[] = [];
  /** Answers whose items are not those that the version gives. */
  readonly wrongItems: string[] = [];
  /** Answers of an old version although a newer one had lain there long enough. */
  stale = 0;
  /** Times that readiness was compared with what writes and reads did. */
  readySamples = 0;
  notReady = 0;
  readonly readyLies: string[] = [];

  /** @param expected items of each question by version */
  constructor(
    readonly place: Place,
    readonly expected: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Answers of the status 500, and those that came to no answer: nothing is done here that would excuse them. */
  readonly broken: string[] = [];

  count(what: string, { status, body }: Reply): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status === 500 || status === 0) this.broken.push(`${what}: ${status} ${body}`);
  }

  acknowledge(user: string, item: string): void {
    const items = this.acknowledged.get(user);
    if (items) items.push(item);
    else this.acknowledged.set(user, [item]);
  }

  /** @param question its number @param asked when, milliseconds since the start */
  answered(question: number, body: string, asked: number, now: number, quiet: boolean): void {
    const { version, items } = JSON.parse(body) as { version: string; items: { id: string }[] };
    this.answers++;
    if (!this.place.held(version, now)) this.wrongVersion.push(`${version} at ${Math.round(now)} ms`);
    const expected = this.expected.get(version)?.[question];
    const got = items.map(({ id }) => id).join();
    if (expected !== undefined && expected !== got)
      this.wrongItems.push(`question ${question} of ${version}: ${got}, not ${expected}`);
    const latest = this.place.latest;
    if (quiet && latest && asked - latest.since > STALE && version !== latest.version) this.stale++;
  }
}

/** Milliseconds after which a whole artifact must answer: looked for, verified, tried, taken over. */
const STALE = 15_000;
