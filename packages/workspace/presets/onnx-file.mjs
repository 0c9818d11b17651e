import { Buffer } from 'node:buffer';

/*
 * Just enough protobuf for models that tests write, a node or two each: the messages of onnx.proto (github.com/onnx/onnx) by
 * field number.
 */

const FLOAT = 1;

const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]);

/** A message of fields: their numbers, and values that are whole numbers, texts or bytes. */
export function message(...fields) {
  const bytes = fields.flatMap(([tag, value]) => {
    if (typeof value === 'number') return [...varint(tag << 3), ...varint(value)];
    const content = typeof value === 'string' ? Buffer.from(value) : value;
    return [...varint((tag << 3) | 2), ...varint(content.length), ...content];
  });
  return Uint8Array.from(bytes);
}

/** A value of a graph, its sizes numbers or names. */
export function valueInfo(name, sizes, type = FLOAT) {
  const dims = sizes.map((size) => [1, message([typeof size === 'number' ? 1 : 2, size])]);
  const tensor = message([1, type], [2, message(...dims)]);
  return message([1, name], [2, message([1, tensor])]);
}

/** The bytes of an ONNX file with one graph. */
export const onnxFile = (graph) => message([1, 8], [7, graph], [8, message([2, 17])]);
