/** A set of slots as bits: slot s is bit s % 32 of word s / 32. */
export interface Mask {
  readonly words: Uint32Array;
  /** How many bits are set. */
  readonly count: number;
}

/** Words that hold the bits of so many slots. */
export const wordsFor = (slots: number): number => Math.ceil(slots / 32);

export const hasBit = (words: Uint32Array, slot: number): boolean =>
  ((words[slot >>> 5] >>> (slot & 31)) & 1) === 1;

export function setBit(words: Uint32Array, slot: number): void {
  words[slot >>> 5] |= 1 << (slot & 31);
}

export function clearBit(words: Uint32Array, slot: number): void {
  words[slot >>> 5] &= ~(1 << (slot & 31));
}

/** How many bits are set (Warren, Hacker's Delight, 5-1). */
export function countBits(words: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    let v = words[i];
    v -= (v >>> 1) & 0x55555555;
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    count += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
