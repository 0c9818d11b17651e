import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { OpenArtifact } from '@towerkit/recommend';

import { describeCatalog } from './describe-catalog.js';
import { explainTool, recommendTool, searchTool, similarTool } from './tools/answer-tools.js';
import { itemTool } from './tools/items.js';

/**
 * A server of the Model Context Protocol that answers from an open artifact, not connected to a transport yet: the tools
 * `recommend`, `similar`, `search` and `item`, and `explain` where the model can say why. Its instructions tell an assistant
 * what the catalog holds and which columns filters may name.
 *
 * Wrong arguments are answers with `isError`: one line with a stable code, which is in `_meta.code` too.
 *
 * @param artifact stays the caller's: it is not disposed of with the server
 * @example
 * ```ts
 * const artifact = await openArtifact('artifacts/shop');
 * const server = createMcpServer(artifact);
 * await server.connect(new StdioServerTransport());
 * ```
 */
export const createMcpServer = (artifact: OpenArtifact): Server => buildServer(artifact).server;

/** A server, and a promise that every call that has come by then is answered. */
export function buildServer(artifact: OpenArtifact): { server: Server; settled(): Promise<void> } {
  const tools = [recommendTool, similarTool, searchTool, itemTool].map((make) => make(artifact));
  if (artifact.engine.ranker.explains) tools.push(explainTool(artifact));
  const byName = new Map(tools.map((tool) => [tool.listed.name, tool]));
  const pending = new Set<Promise<unknown>>();
  const server = new Server(
    { name: 'towerkit', title: 'Towerkit recommendations', version: artifact.version },
    { capabilities: { tools: {} }, instructions: describeCatalog(artifact) },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ listed }) => listed) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params: { name, arguments: given } }) => {
    const tool = byName.get(name);
    if (tool) {
      const answer = tool.call(given).finally(() => pending.delete(answer));
      pending.add(answer);
      return answer;
    }
    const known = [...byName.keys()].join(', ');
    throw new McpError(
      ErrorCode.InvalidParams,
      `there is no tool ${JSON.stringify(name.slice(0, 100))}: ${known}`,
    );
  });
  const settled = async () => {
    await Promise.allSettled(pending);
    await new Promise(setImmediate); // what was answered is sent
  };
  return { server, settled };
}
