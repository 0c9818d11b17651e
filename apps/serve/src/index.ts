export { serve, type RunningServer, type ServeParts } from './serve.js';
export { serveCommand, type ServeFlags } from './command.js';
export type { ServeOptions } from './options.js';
export type { EventStore, KeptEvent, NewEvent } from './events/event-store.js';
export { openStore } from './events/open-store.js';
export type { EventKind } from './events/event-kinds.js';
export type { Impression, ImpressionGroup, TimeRange, Vote, VotePage } from './events/impression.js';
export { outcomes, type ArmOutcome, type ImpressionOutcome, type Outcomes } from './events/outcomes.js';
