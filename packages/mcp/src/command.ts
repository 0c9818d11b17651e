import { hybridKind } from '@towerkit/hybrid';
import { openArtifact, standardKinds, type OpenArtifact } from '@towerkit/recommend';
import { searchKind } from '@towerkit/search';
import { once } from 'node:events';

import { serveHttp } from './transports/http.js';
import { serveStdio } from './transports/stdio.js';

/** Flags of `towerkit mcp`. */
export interface McpFlags {
  readonly artifact: string;
  /** Port; standard input and output when absent. */
  readonly http?: number;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /** Threads of ONNX Runtime and of the index; one per core when absent. */
  readonly threads?: number;
}

/**
 * `towerkit mcp`: answers an assistant until its messages end, or SIGTERM or SIGINT comes. Standard output carries messages
 * only.
 *
 * @returns the exit status
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; those of {@link serveStdio} and {@link serveHttp}
 */
export async function mcpCommand({ artifact: folder, http, models, threads }: McpFlags): Promise<number> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  let artifact: OpenArtifact | undefined;
  try {
    artifact = await openArtifact(folder, {
      kinds: [...standardKinds, hybridKind, searchKind],
      models,
      threads,
    });
    const { signal } = stopping;
    const what = `${artifact.items.size} items of ${folder}`;
    if (http === undefined) {
      process.stderr.write(`answering for ${what} on standard input and output\n`);
      await serveStdio(artifact, { signal });
    } else {
      const server = await serveHttp(artifact, { port: http });
      process.stderr.write(`answering for ${what} at ${server.url}\n`);
      if (!signal.aborted) await once(signal, 'abort');
      await server.close();
    }
    return 0;
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop);
    await artifact?.dispose();
  }
}
