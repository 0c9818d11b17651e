import { message, onnxFile, valueInfo, type Field } from '@towerkit/workspace/onnx-file';

const [FLOAT, INT64] = [1, 7];

/** The bytes of an ONNX file: last_hidden_state = Gather(table, input_ids). */
export function encodeGather(table: Float32Array, width: number): Uint8Array {
  const raw = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
  return onnxFile(
    message(
      [1, message([1, 'table'], [1, 'input_ids'], [2, 'last_hidden_state'], [4, 'Gather'])],
      [2, 'tiny'],
      [5, message([1, table.length / width], [1, width], [2, FLOAT], [8, 'table'], [9, raw])],
      ...['input_ids', 'attention_mask', 'token_type_ids'].map((name): Field => [
        11,
        valueInfo(name, ['batch', 'sequence'], INT64),
      ]),
      [12, valueInfo('last_hidden_state', ['batch', 'sequence', width])],
    ),
  );
}
