export { createMcpServer } from './create-server.js';
export { serveStdio, type StdioStreams } from './transports/stdio.js';
export { serveHttp, type McpHttpOptions, type RunningMcpServer } from './transports/http.js';
export { mcpCommand, type McpFlags } from './command.js';
export type { ErrorCode } from './errors.js';
