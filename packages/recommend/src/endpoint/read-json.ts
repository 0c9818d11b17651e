import { TowerkitError } from '../errors.js';

/** Bytes of an answer, at most. */
const MOST = 1024 * 1024;

/** The JSON of a response. @throws TowerkitError `BAD_ANSWER` for what is no JSON, or more than 1 MiB */
export async function readJson(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST) throw new TowerkitError('BAD_ANSWER', `an answer has more than ${MOST} bytes`); // ends the stream
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new TowerkitError('BAD_ANSWER', 'the answer is no JSON', { cause });
  }
}
