export type {
  EventStore,
  KeptEvent,
  NewEvent,
  PrunedStep,
  PruneStep,
  StoredTable,
} from './stores/event-store.js';
export { openStore } from './stores/open-store.js';
export type { StoreFaultReason } from './stores/store-errors.js';
export type { StoreOptions } from './stores/store-options.js';
export { idFault, MAX_AHEAD, MAX_ID, timeFault } from './stores/values.js';
export { WatchedStore, type StoreListener, type StoreOperation } from './health/watched-store.js';
export { prune, type Pruned, type PruneOptions } from './retention/prune.js';
export { Retention, type RetentionPolicy } from './retention/retention.js';
export { PendingUsers, type PendingUsersOptions } from './history/pending-users.js';
export { ArrivalClock } from './history/arrival-clock.js';
export { DEFAULT_KIND, DEFAULT_KINDS, EventKinds, type EventKind } from './history/event-kinds.js';
export { denseIds, type DenseIds } from './history/dense-ids.js';
export {
  userHistory,
  type TrainedHistories,
  type UserHistory,
  type UserHistoryOptions,
} from './history/user-history.js';
export type { Impression, ImpressionGroup, TimeRange, Vote, VotePage } from './experiments/impression.js';
export { ImpressionLog, type ImpressionPolicy } from './experiments/impression-log.js';
export {
  outcomes,
  outcomesOfArms,
  VoteCount,
  type ArmOutcome,
  type ImpressionOutcome,
  type Outcomes,
} from './experiments/outcomes.js';
export { placeOf, TrafficSplit } from './experiments/split.js';
export { teamDraft, type Drafted } from './experiments/team-draft.js';
export type { ErrorCode } from './errors.js';
