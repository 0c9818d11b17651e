/** Just enough protobuf for one small ONNX graph: last_hidden_state = Gather(table, input_ids). */
type Field = readonly [number, number | string | Uint8Array];

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];

function message(...fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(([tag, value]) => {
    if (typeof value === 'number') return [...varint(tag << 3), ...varint(value)];
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return [...varint((tag << 3) | 2), ...varint(content.length), ...content];
  });
  return Uint8Array.from(bytes);
}

/** A value of the graph, its sizes numbers or names. */
function valueInfo(name: string, type: number, sizes: readonly (number | string)[]): Uint8Array {
  const dims = sizes.map((size): Field => [1, message([typeof size === 'number' ? 1 : 2, size])]);
  const tensor = message([1, type], [2, message(...dims)]);
  return message([1, name], [2, message([1, tensor])]);
}

const [FLOAT, INT64] = [1, 7];

/** The bytes of an ONNX file. */
export function encodeGather(table: Float32Array, width: number): Uint8Array {
  const raw = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
  const graph = message(
    [1, message([1, 'table'], [1, 'input_ids'], [2, 'last_hidden_state'], [4, 'Gather'])],
    [2, 'tiny'],
    [5, message([1, table.length / width], [1, width], [2, FLOAT], [8, 'table'], [9, raw])],
    ...['input_ids', 'attention_mask', 'token_type_ids'].map((name): Field => [
      11,
      valueInfo(name, INT64, ['batch', 'sequence']),
    ]),
    [12, valueInfo('last_hidden_state', FLOAT, ['batch', 'sequence', width])],
  );
  return message([1, 8], [7, graph], [8, message([2, 17])]);
}
