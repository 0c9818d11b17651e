import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { OpenArtifact } from '@towerkit/recommend';
import type { Readable, Writable } from 'node:stream';

import { buildServer } from '../create-server.js';
import { TowerkitError } from '../errors.js';

/** Where messages come from and go to: standard input and output by default. */
export interface StdioStreams {
  readonly input?: Readable;
  readonly output?: Writable;
  /** Stops reading; what was asked is still answered. */
  readonly signal?: AbortSignal;
}

/**
 * Answers messages line by line until the input ends or the signal comes, and what was asked before that.
 *
 * @throws TowerkitError `BAD_REQUEST` for a line of more than 10 MiB, with which nothing that follows can be read
 * @example
 * ```ts
 * await serveStdio(await openArtifact('artifacts/shop'));
 * ```
 */
export async function serveStdio(artifact: OpenArtifact, streams: StdioStreams = {}): Promise<void> {
  const { input = process.stdin, output = process.stdout, signal } = streams;
  const { server, settled } = buildServer(artifact);
  let fault: Error | undefined;
  server.onerror = (error) => {
    fault = error;
    process.stderr.write(`error BAD_REQUEST: a message was dropped: ${oneLine(error)}\n`);
  };
  const closed = new Promise<'closed'>((resolve) => (server.onclose = () => resolve('closed')));
  const ended = new Promise<'ended'>((resolve) => {
    const end = () => resolve('ended');
    input.once('end', end).once('close', end);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
  await server.connect(new StdioServerTransport(input, output));
  const how = await Promise.race([closed, ended]);
  await settled();
  await server.close();
  if (how === 'closed')
    throw new TowerkitError(
      'BAD_REQUEST',
      `the client cannot be read: ${fault ? oneLine(fault) : 'closed'}`,
      {
        hint: 'a message is one line of JSON, of 10 MiB at most',
        cause: fault,
      },
    );
}

const oneLine = ({ message }: Error) => message.replace(/\s+/g, ' ').slice(0, 200);
