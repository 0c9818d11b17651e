import type { EventStore } from './events/event-store.js';
import type { Registry } from './models/registry.js';
import type { ResolvedOptions } from './options.js';

/** What routes work with. */
export interface Context {
  readonly options: ResolvedOptions;
  readonly registry: Registry;
  readonly store: EventStore;
  /** Whether new requests should come here. */
  ready(): boolean;
}
