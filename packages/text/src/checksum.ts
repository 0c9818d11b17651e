import { createHash } from 'node:crypto';

/** SHA-256 of values and texts, one after the other, in hexadecimal. */
export function checksum(...parts: readonly (Uint8Array | Int32Array | Float32Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts)
    hash.update(
      typeof part === 'string' ? part : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
    );
  return hash.digest('hex');
}
