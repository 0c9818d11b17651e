/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;

/** Most pages a memory with 32-bit pointers can have: 4 GiB. */
export const MAX_PAGES = 65_536;

/** Values of a chunk of rows: its copies stay in the nearest caches (64 KiB). */
const CHUNK_VALUES = 16_384;

/** Where a table's arrays lie in its memory, in bytes. */
export interface Layout {
  readonly values: number;
  readonly first: number;
  readonly second: number;
  /** Scratch: the ids of a chunk of rows. */
  readonly ids: number;
  /** Scratch: what is copied out of those rows, or their gradient. */
  readonly batch: number;
  /** Rows of a chunk. */
  readonly chunk: number;
  /** Size of the whole, in pages; more than {@link MAX_PAGES} where it does not fit. */
  readonly pages: number;
}

/** Lays out values, two moments and scratch one after the other, each on a cache line of its own. */
export function layoutOf(rows: number, dimensions: number): Layout {
  const chunk = Math.max(1, Math.min(rows, Math.floor(CHUNK_VALUES / dimensions)));
  let end = 0;
  const place = (length: number): number => {
    const at = end;
    end = Math.ceil((at + 4 * length) / 64) * 64;
    return at;
  };
  const size = rows * dimensions;
  return {
    values: place(size),
    first: place(size),
    second: place(size),
    ids: place(chunk),
    batch: place(chunk * dimensions),
    chunk,
    pages: Math.max(1, Math.ceil(end / PAGE)),
  };
}
