export type { EventStore, KeptEvent, NewEvent } from './stores/event-store.js';
export { openStore } from './stores/open-store.js';
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
