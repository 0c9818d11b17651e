import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import type { IncomingMessage } from 'node:http';

/** Bytes of a request, at most. */
const MOST = 1024 * 1024;
/** Messages in one request, at most. */
const MOST_MESSAGES = 20;

/** A request that is not answered: its status, and the code of JSON-RPC. */
export class Refused extends Error {
  readonly code: number;

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code =
      status === 400
        ? ErrorCode.ParseError
        : status === 500
          ? ErrorCode.InternalError
          : ErrorCode.InvalidRequest;
  }
}

/** The JSON that a request carries. @throws Refused 413 for more than 1 MiB or 20 messages, 400 for what is no JSON */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST) throw new Refused(413, `a request has ${MOST} bytes at most`, { connection: 'close' });
    parts.push(part);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new Refused(400, 'the body is not JSON');
  }
  if (Array.isArray(body) && body.length > MOST_MESSAGES)
    throw new Refused(413, `a request has ${MOST_MESSAGES} messages at most`);
  return body;
}
