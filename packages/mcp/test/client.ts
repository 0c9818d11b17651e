import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { hybridKind } from '@towerkit/hybrid';
import { openArtifact, standardKinds, type OpenArtifact } from '@towerkit/recommend';
import { join } from 'node:path';

import { createMcpServer } from '../src/index.js';

/** The small artifacts that every version is tried on: 30 users, 20 items of four categories. */
export const folderOf = (name: string): string =>
  join(import.meta.dirname, '../../pipeline/test/artifacts/v2', name);

export const open = (name: string): Promise<OpenArtifact> =>
  openArtifact(folderOf(name), { kinds: [...standardKinds, hybridKind], threads: 1 });

export const newClient = (): Client => new Client({ name: 'test', version: '1' });

/** The SDK's own client, connected to a server in the same process. */
export async function clientOf(artifact: OpenArtifact): Promise<Client> {
  const [here, there] = InMemoryTransport.createLinkedPair();
  await createMcpServer(artifact).connect(there);
  const client = newClient();
  await client.connect(here);
  return client;
}

interface Ranking {
  readonly items: readonly {
    id: string;
    title?: string;
    score: number;
    reasons?: unknown[];
    rating?: number;
  }[];
  readonly source: string;
}

/** Calls a tool; the client checks the answer against the tool's schema. */
export async function ask(client: Client, name: string, given: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: given });
  const [content] = result.content as { type: string; text: string }[];
  return {
    failed: result.isError === true,
    text: content.text,
    code: (result._meta as { code?: string } | undefined)?.code,
    answer: result.structuredContent as unknown as Ranking,
    raw: result.structuredContent as Record<string, unknown>,
  };
}
