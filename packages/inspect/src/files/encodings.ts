/** A text and how it was stored. */
export interface Decoded {
  readonly text: string;
  readonly encoding: 'utf-8' | 'latin-1';
  readonly oddities: readonly string[];
}

/**
 * Reads bytes as UTF-8 where they are, else as Latin-1, which takes any bytes.
 *
 * @param whole whether the last character may not be cut off
 */
export function decode(bytes: Uint8Array, whole: boolean): Decoded {
  const end = whole ? bytes.length : Math.max(bytes.lastIndexOf(10), 0) || bytes.length;
  const part = bytes.subarray(0, end);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(part), encoding: 'utf-8', oddities: [] };
  } catch {
    const { bad, wide } = linesByEncoding(part);
    // Where most lines with special characters are UTF-8, it is, and the others are damaged.
    const encoding = wide > bad ? 'utf-8' : 'latin-1';
    return {
      text: new TextDecoder(encoding === 'utf-8' ? 'utf-8' : 'latin1').decode(part),
      encoding,
      oddities:
        wide > 0
          ? [
              `several encodings: of the lines looked at, ${wide} are UTF-8 and ${bad} are not; read as ${encoding}`,
            ]
          : [],
    };
  }
}

/** Lines with characters beyond ASCII: those that are UTF-8, and those that are not. */
function linesByEncoding(bytes: Uint8Array): { bad: number; wide: number } {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let bad = 0;
  let wide = 0;
  for (let start = 0; start < bytes.length;) {
    const next = bytes.indexOf(10, start);
    const end = next < 0 ? bytes.length : next;
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (!line.some((byte) => byte > 127)) continue;
    try {
      strict.decode(line);
      wide++;
    } catch {
      bad++;
    }
  }
  return { bad, wide };
}
