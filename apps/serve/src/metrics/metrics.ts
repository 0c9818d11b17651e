import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { ServedModel } from '../models/served-model.js';
import { AnswerTally, type Found } from '@towerkit/recommend';

/** Seconds; fine where answers are wanted. */
const BUCKETS = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

/** What `GET /metrics` tells, in Prometheus' names. */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Histogram({
    name: 'towerkit_request_seconds',
    help: 'From the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  readonly inFlight = this.#gauge('towerkit_requests_in_flight', 'Requests being answered');
  readonly refused = this.#counter(
    'towerkit_requests_refused_total',
    'Requests refused because as many as may be were in flight',
  );
  readonly answers = this.#counter(
    'towerkit_answers_total',
    'Recommendations by artifact and by what they came from',
    'model',
    'source',
  );
  readonly coldShare = this.#gauge(
    'towerkit_cold_share',
    'Share of the recommendations of an artifact that were made for somebody of whom nothing is known',
    'model',
  );
  readonly coverage = this.#gauge(
    'towerkit_catalog_coverage',
    'Share of the items that were recommended since the artifact took over',
    'model',
  );
  readonly recall = this.#gauge(
    'towerkit_index_recall',
    'Recall of the index against an exact search, mean over a sample of the answers since the artifact took over',
    'model',
  );
  readonly measured = this.#counter(
    'towerkit_index_recall_samples_total',
    'Answers whose recall was measured',
    'model',
  );
  readonly endpointReranks = this.#counter(
    'towerkit_endpoint_reranks_total',
    'Lists that the endpoint ranked again (ranked), or that stayed as they were, and why',
    'model',
    'result',
  );
  readonly events = this.#counter(
    'towerkit_events_total',
    'Events kept, by kind and by the artifact whose recommendation they follow, where the client said so',
    'model',
    'type',
  );
  readonly lostImpressions = this.#counter(
    'towerkit_impressions_lost_total',
    'Impressions that were not recorded because the store did not take them in time',
  );
  readonly storeFailures = this.#counter(
    'towerkit_store_failures_total',
    'Calls of the event store that failed, by what was done and why',
    'operation',
    'reason',
  );
  readonly withoutEvents = this.#counter(
    'towerkit_answers_without_events_total',
    'Recommendations that were made without events because the store could not be read',
  );
  readonly pruned = this.#counter(
    'towerkit_events_pruned_total',
    'Events and impressions that the retention removed',
    'table',
  );
  readonly swaps = this.#counter(
    'towerkit_swaps_total',
    'New artifacts that took over or were refused',
    'model',
    'result',
  );

  readonly #tallies = new WeakMap<ServedModel, AnswerTally>();

  /** @param runtime whether to tell of the process too: memory, event loop, garbage collection */
  constructor(runtime = true) {
    if (runtime) collectDefaultMetrics({ register: this.registry });
  }

  #counter<Label extends string>(name: string, help: string, ...labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /**
   * Counts an answer.
   *
   * @param found its items are those that were shown: of an interleaved answer, what the model put into it
   */
  answered(model: ServedModel, { items, source, recall }: Omit<Found, 'scores'>): void {
    const { name } = model;
    this.answers.inc({ model: name, source });
    let tally = this.#tallies.get(model);
    if (!tally) this.#tallies.set(model, (tally = new AnswerTally(model.items.size)));
    tally.add(items, source === 'popularity' && model.kind !== 'popularity', recall);
    this.coldShare.set({ model: name }, tally.cold / tally.answers);
    this.coverage.set({ model: name }, tally.covered / model.items.size);
    if (recall === undefined) return;
    this.measured.inc({ model: name });
    this.recall.set({ model: name }, tally.recall / tally.measured);
  }
}
