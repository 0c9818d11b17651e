/** A tensor as a model returns it. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/**
 * The vector of each image among the outputs of a model: `image_embeds` (CLIP), else `pooler_output`, else of
 * `last_hidden_state` the mean over its map ([images, dimensions, height, width]) or its first token ([images, tokens, dimensions]).
 *
 * @param count images
 * @returns [images * dimensions], or `undefined` for outputs that are none of these
 */
export function pooledOutput(
  outputs: Readonly<Record<string, OutputTensor | undefined>>,
  count: number,
): Float32Array | undefined {
  const { image_embeds: embeds, pooler_output: pooled, last_hidden_state: hidden } = outputs;
  const whole = embeds ?? pooled;
  const { dims, data } = whole ?? hidden ?? {};
  if (!dims || !(data instanceof Float32Array) || dims[0] !== count) return undefined;
  if (data.length !== dims.reduce((product, size) => product * size, 1) || data.length === 0)
    return undefined;
  if (whole) return data;
  if (dims.length === 4) return meanOverMap(data, dims);
  return dims.length === 3 ? firstToken(data, dims) : undefined;
}

function meanOverMap(
  data: Float32Array,
  [count, dimensions, height, width]: readonly number[],
): Float32Array {
  const cells = height * width;
  return Float32Array.from({ length: count * dimensions }, (_, place) => {
    let sum = 0;
    for (let cell = 0; cell < cells; cell++) sum += data[place * cells + cell];
    return sum / cells;
  });
}

function firstToken(data: Float32Array, [count, tokens, dimensions]: readonly number[]): Float32Array {
  const out = new Float32Array(count * dimensions);
  for (let image = 0; image < count; image++)
    out.set(
      data.subarray(image * tokens * dimensions, (image * tokens + 1) * dimensions),
      image * dimensions,
    );
  return out;
}
