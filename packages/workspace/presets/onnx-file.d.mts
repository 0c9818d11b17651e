/** Number and value of a field of a message. */
export type Field = readonly [number, number | string | Uint8Array];

export function message(...fields: readonly Field[]): Uint8Array;

/** @param type of the elements, by `TensorProto.DataType`; 32-bit floats by default */
export function valueInfo(name: string, sizes: readonly (number | string)[], type?: number): Uint8Array;

export function onnxFile(graph: Uint8Array): Uint8Array;
