export { serve, type RunningServer, type ServeParts } from './serve.js';
export { serveCommand, type ServeFlags } from './command.js';
export { pruneCommand, type PruneFlags } from './prune-command.js';
export { towerkitPlugin, type EmbeddedOptions } from './embed/plugin.js';
export { openHandler, type TowerkitHandler } from './embed/handler.js';
export type { ServeOptions } from './options.js';
export type { ErrorCode } from './error-code.js';
