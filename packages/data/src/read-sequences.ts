import { TowerkitError } from './errors.js';
import { IdEncoder } from './id-encoder.js';
import { badFile, bytesOf, openInput } from './input-file.js';

/** The rows of sequence files as dense ids in order of first appearance, file order kept. */
export interface Sequences {
  readonly userNames: string[];
  readonly itemNames: string[];
  readonly user: Int32Array;
  readonly item: Int32Array;
}

/**
 * Reads files of lines `user item item ...`, separated by white space, a user's items oldest first. Empty lines
 * and users without an item are passed over; a user may have several lines.
 *
 * @param items names that take the first item ids
 * @throws TowerkitError what {@link openInput} throws; `BAD_FILE` for text that is not UTF-8; `EMPTY_DATA`
 */
export async function readSequences(
  paths: readonly string[],
  items: readonly string[] = [],
): Promise<Sequences> {
  const users = new IdEncoder();
  const known = new IdEncoder(items);
  const user: number[] = [];
  const item: number[] = [];
  for (const path of paths)
    for await (const line of linesOf(path)) {
      const words = line.match(/\S+/g);
      if (words === null || words.length < 2) continue;
      const owner = users.idOf(words[0]);
      for (let k = 1; k < words.length; k++) {
        user.push(owner);
        item.push(known.idOf(words[k]));
      }
    }
  if (user.length === 0)
    throw new TowerkitError('EMPTY_DATA', `${paths.join(', ')}: no line of the form 'user item item ...'`);
  return {
    userNames: users.names,
    itemNames: known.names,
    user: Int32Array.from(user),
    item: Int32Array.from(item),
  };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await openInput(path);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array | undefined) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw badFile(path, 'it is not UTF-8 text', cause);
    }
  };
  let rest = '';
  for await (const chunk of bytesOf(file)) {
    const lines = (rest + decode(chunk)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  yield rest + decode(undefined);
}
