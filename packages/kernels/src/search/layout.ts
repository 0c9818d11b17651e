/** Bytes from a row of float32 to the next: whole steps of the kernels. */
export const rowStride = (dimensions: number): number => 32 * Math.ceil(dimensions / 8);

/** Bytes from a row of codes to the next. */
export const codesWidth = (dimensions: number): number => 16 * Math.ceil(dimensions / 16);

/**
 * The codes of a query, int16: so large that no sum of products with int8 codes leaves an int32.
 *
 * @param out shape [codesWidth(dimensions)]
 */
export function encodeQuery(query: Float32Array, out: Int16Array): void {
  const most = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * query.length)));
  let largest = 0;
  for (let i = 0; i < query.length; i++) largest = Math.max(largest, Math.abs(query[i]));
  const units = largest > 0 ? most / largest : 0;
  for (let i = 0; i < query.length; i++) out[i] = Math.round(query[i] * units);
}
