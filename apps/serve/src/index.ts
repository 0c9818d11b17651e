export { serve, type RunningServer } from './serve.js';
export { serveCommand, type ServeFlags } from './command.js';
export type { ServeOptions } from './options.js';
export type { EventStore, KeptEvent, NewEvent } from './events/event-store.js';
export { openStore } from './events/open-store.js';
