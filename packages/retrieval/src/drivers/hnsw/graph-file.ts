import { open, type FileHandle } from 'node:fs/promises';

import { badIndex } from '../../files/errors.js';

/** Bytes read at a time, about. */
const CHUNK = 2 ** 22;

/** Bytes of a number, and its code in the file. */
const PRECISIONS = { f32: [4, 0x0b], f16: [2, 0x0c], i8: [1, 0x17] } as const;

/** What a graph must be to be searched. */
export interface GraphShape {
  /** Vectors, their keys 0, 1, 2, ... in any order. */
  readonly size: number;
  readonly dimensions: number;
  readonly precision: keyof typeof PRECISIONS;
  readonly connectivity: number;
}

/**
 * Reads a file of usearch (format 2) through, and makes sure that everything in it points at something that is there. usearch
 * itself follows each number it finds, and one that is wrong ends the process; a search that is tried walks through a part of
 * the graph only.
 *
 * The parts of the file, in order:
 * - rows and bytes of a row (u32 each), then the vectors;
 * - 64 bytes: `usearch`, its version (u16 thrice), codes of the metric, of numbers, keys and links (u8 each), vectors,
 *   deleted ones and dimensions (u64 each), whether keys repeat (u8);
 * - size, connectivity, connectivity of the lowest layer, top layer, entry (u64 each);
 * - the layer of each node (i16);
 * - the nodes: key (u64), layer (i16), and for each layer from the lowest up a count and as many places as the
 *   connectivity (u32 each).
 *
 * @throws TowerkitError `BAD_INDEX`
 */
export async function checkGraph(path: string, shape: GraphShape): Promise<void> {
  const file = await open(path, 'r');
  try {
    await new GraphReader(file, shape).check();
  } finally {
    await file.close();
  }
}

const bad = (what: string) => badIndex(`its graph ${what}`);

class GraphReader {
  #chunk = Buffer.alloc(0);
  /** Place of the next byte in the chunk. */
  #at = 0;
  /** Place in the file of the chunk's end. */
  #end = 0;

  constructor(
    readonly file: FileHandle,
    readonly shape: GraphShape,
  ) {}

  async check(): Promise<void> {
    const { size, dimensions, precision, connectivity } = this.shape;
    const [width, code] = PRECISIONS[precision];
    const vectorBytes = dimensions * width;
    const rows = await this.#take(8);
    if (rows.readUInt32LE(0) !== size || rows.readUInt32LE(4) !== vectorBytes)
      throw bad(
        `has ${rows.readUInt32LE(0)} vectors of ${rows.readUInt32LE(4)} bytes, not ${size} of ${vectorBytes}`,
      );
    this.#skip(size * vectorBytes);
    const head = await this.#take(64);
    const kinds = [head.readUInt16LE(7), ...head.subarray(13, 17), head[41]];
    const counts = [17, 25, 33].map((at) => Number(head.readBigUInt64LE(at)));
    // By inner product, the keys of 64 bits, the links of 32, one vector a key, none deleted.
    if (head.toString('latin1', 0, 7) !== 'usearch' || `${kinds}` !== `${[2, 0x69, code, 0x0e, 0x0f, 0]}`)
      throw bad('is of no kind that is known');
    if (`${counts}` !== `${[size, 0, dimensions]}`) throw bad('is not of as many vectors as it holds');
    const numbers = await this.#take(40);
    const [count, upper, base, top, entry] = [0, 8, 16, 24, 32].map((at) =>
      Number(numbers.readBigUInt64LE(at)),
    );
    if (count !== size || upper !== connectivity || base < upper || base > 2 * upper)
      throw bad(`has ${count} nodes of ${upper} and ${base} links, not ${size} of ${connectivity}`);
    const levels = new Int16Array(size);
    for (let node = 0; node < size; node++) {
      const chunk = this.#has(2) ? this.#chunk : await this.#ahead(2);
      levels[node] = chunk.readInt16LE(this.#at);
      this.#at += 2;
      if (levels[node] < 0 || levels[node] > top) throw bad(`has a node in layer ${levels[node]} of ${top}`);
    }
    if (!(entry < size) || levels[entry] !== top) throw bad(`begins at ${entry}, which is not its top`);
    await this.#nodes(levels, base);
    const { size: bytes } = await this.file.stat();
    if (this.#end - this.#chunk.length + this.#at !== bytes) throw bad('is longer than its nodes');
  }

  async #nodes(levels: Int16Array, base: number): Promise<void> {
    const { size, connectivity } = this.shape;
    const seen = new Uint8Array(size);
    for (let node = 0; node < size; node++) {
      const level = levels[node];
      const bytes = 10 + 4 * (1 + base) + 4 * level * (1 + connectivity);
      const chunk = this.#has(bytes) ? this.#chunk : await this.#ahead(bytes);
      const key = chunk.readUInt32LE(this.#at);
      if (chunk.readUInt32LE(this.#at + 4) !== 0 || key >= size || seen[key]++)
        throw bad('has no vector for every key');
      if (chunk.readInt16LE(this.#at + 8) !== level)
        throw bad(`says two things of the layer of node ${node}`);
      this.#at += 10;
      for (let layer = 0; layer <= level; layer++) {
        const most = layer === 0 ? base : connectivity;
        const count = chunk.readUInt32LE(this.#at);
        if (count > most) throw bad(`has a node with ${count} links of ${most}`);
        for (let link = 1; link <= count; link++) {
          const to = chunk.readUInt32LE(this.#at + 4 * link);
          if (!(levels[to] >= layer)) throw bad(`leads from node ${node} to ${to}, where there is none`);
        }
        this.#at += 4 * (1 + most);
      }
    }
  }

  #has(bytes: number): boolean {
    return this.#chunk.length - this.#at >= bytes;
  }

  /** The chunk, with so many bytes in it from here on. */
  async #ahead(bytes: number): Promise<Buffer> {
    if (this.#has(bytes)) return this.#chunk;
    const rest = this.#chunk.length - this.#at;
    const next = Buffer.alloc(rest + Math.max(CHUNK, bytes));
    this.#chunk.copy(next, 0, this.#at);
    let length = rest;
    while (length < next.length) {
      const { bytesRead } = await this.file.read(next, length, next.length - length, this.#end);
      if (bytesRead === 0) break;
      length += bytesRead;
      this.#end += bytesRead;
    }
    this.#chunk = next.subarray(0, length);
    this.#at = 0;
    if (length < bytes) throw bad('is cut off');
    return this.#chunk;
  }

  async #take(bytes: number): Promise<Buffer> {
    const chunk = await this.#ahead(bytes);
    this.#at += bytes;
    return chunk.subarray(this.#at - bytes, this.#at);
  }

  /** Passes over bytes. */
  #skip(bytes: number): void {
    const rest = this.#chunk.length - this.#at;
    if (this.#has(bytes)) this.#at += bytes;
    else [this.#chunk, this.#at, this.#end] = [Buffer.alloc(0), 0, this.#end + bytes - rest];
  }
}
