import type { Rng } from '@towerkit/core';
import type { HttpReranker } from '@towerkit/recommend';
import type { EventKinds, EventStore, ImpressionLog, PendingUsers } from '@towerkit/events';

import type { ApiKeys } from './http/api-keys.js';
import type { Metrics } from './metrics/metrics.js';
import type { Refusal } from './models/supervisor.js';
import type { Registry } from './models/registry.js';
import type { ResolvedOptions } from './options.js';

/** What routes work with. */
export interface Context {
  readonly options: ResolvedOptions;
  readonly registry: Registry;
  readonly store: EventStore;
  readonly pending: PendingUsers;
  readonly kinds: EventKinds;
  readonly impressions: ImpressionLog;
  readonly metrics: Metrics;
  /** Ranks candidates again, beyond this machine. */
  readonly endpoint?: HttpReranker;
  /** Who may ask; anybody when absent. */
  readonly keys?: ApiKeys;
  /** An id for an answer or an event that has none. */
  newId(): string;
  /** The draws of one question: those of the nth are the same under the same seed. */
  nextRng(): Rng;
  /** New artifacts that were refused, by the model whose place they lie in. */
  refusals(): ReadonlyMap<string, Refusal>;
  /** Folders of artifacts that are mount points, where a swap outside is not seen. */
  mounted(): ReadonlySet<string>;
  /** Whether new requests should come here. */
  ready(): boolean;
}
