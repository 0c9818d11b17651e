const buffer = new DataView(new ArrayBuffer(4));

/** The float16 nearest to a number, ties to even, as its 16 bits. */
export function toHalf(value: number): number {
  buffer.setFloat32(0, value);
  const bits = buffer.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const power = exponent - 112; // bias 127 becomes bias 15
  if (power >= 31) return sign | 0x7c00;
  if (power <= 0) {
    if (power < -10) return sign;
    const whole = fraction | 0x800000;
    return sign | rounded(whole, 14 - power);
  }
  return sign | rounded((power << 23) | fraction, 13); // a carry out of the fraction raises the exponent
}

/** A number without its last bits, rounded to the nearest, ties to even. */
function rounded(value: number, bits: number): number {
  const half = 1 << (bits - 1);
  const rest = value & ((1 << bits) - 1);
  const up = rest > half || (rest === half && ((value >>> bits) & 1) === 1);
  return (value >>> bits) + (up ? 1 : 0);
}

/** The number that the 16 bits of a float16 stand for. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
