import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/*
 * The part of onnx.proto (github.com/onnx/onnx, IR version 8) that a model needs, written by field number.
 */

/** Element types of `TensorProto.DataType`. */
export const ELEMENT_TYPE = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPE;

export interface TensorProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** The elements, little-endian. */
  readonly raw: Uint8Array;
}

export type AttributeProto =
  | { readonly name: string; readonly int: number }
  | { readonly name: string; readonly float: number }
  | { readonly name: string; readonly string: string }
  | { readonly name: string; readonly ints: readonly number[] }
  | { readonly name: string; readonly tensor: TensorProto };

export interface NodeProto {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeProto[];
}

/** An input or output: a size is a number or a name. */
export interface ValueInfoProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

export interface ModelProto {
  readonly opset: number;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly metadata: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;

type Write = (writer: BinaryWriter) => void;

const message = (writer: BinaryWriter, field: number, body: Write): void => {
  writer.tag(field, WireType.LengthDelimited).fork();
  body(writer);
  writer.join();
};
const text = (writer: BinaryWriter, field: number, value: string): void => {
  writer.tag(field, WireType.LengthDelimited).string(value);
};
const integer = (writer: BinaryWriter, field: number, value: number): void => {
  writer.tag(field, WireType.Varint).int64(value);
};

const tensor =
  (value: TensorProto): Write =>
  (writer) => {
    for (const dim of value.dims) integer(writer, 1, dim);
    integer(writer, 2, ELEMENT_TYPE[value.type]);
    if (value.name) text(writer, 8, value.name);
    writer.tag(9, WireType.LengthDelimited).bytes(value.raw);
  };

const attribute =
  (value: AttributeProto): Write =>
  (writer) => {
    text(writer, 1, value.name);
    if ('int' in value) integer(writer, 3, value.int);
    else if ('float' in value) writer.tag(2, WireType.Bit32).float(value.float);
    else if ('string' in value) text(writer, 4, value.string);
    else if ('ints' in value) for (const int of value.ints) integer(writer, 8, int);
    else message(writer, 5, tensor(value.tensor));
    integer(writer, 20, attributeType(value));
  };

function attributeType(value: AttributeProto): number {
  if ('float' in value) return 1;
  if ('int' in value) return 2;
  if ('string' in value) return 3;
  return 'tensor' in value ? 4 : 7;
}

const node =
  (value: NodeProto, index: number): Write =>
  (writer) => {
    for (const input of value.inputs) text(writer, 1, input);
    for (const output of value.outputs) text(writer, 2, output);
    text(writer, 3, `${value.opType}_${index}`);
    text(writer, 4, value.opType);
    for (const each of value.attributes) message(writer, 5, attribute(each));
  };

const valueInfo =
  (value: ValueInfoProto): Write =>
  (writer) => {
    const dimension =
      (dim: number | string): Write =>
      (w) =>
        typeof dim === 'number' ? integer(w, 1, dim) : text(w, 2, dim);
    const shape: Write = (w) => value.dims.forEach((dim) => message(w, 1, dimension(dim)));
    text(writer, 1, value.name);
    message(writer, 2, (type) =>
      message(type, 1, (tensorType) => {
        integer(tensorType, 1, ELEMENT_TYPE[value.type]);
        message(tensorType, 2, shape);
      }),
    );
  };

/** A model as the bytes of an `.onnx` file. */
export function encodeModel(model: ModelProto): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, IR_VERSION);
  text(writer, 2, 'towerkit');
  message(writer, 7, (graph) => {
    model.nodes.forEach((value, i) => message(graph, 1, node(value, i)));
    text(graph, 2, 'towerkit');
    for (const value of model.initializers) message(graph, 5, tensor(value));
    for (const value of model.inputs) message(graph, 11, valueInfo(value));
    for (const value of model.outputs) message(graph, 12, valueInfo(value));
  });
  message(writer, 8, (opset) => {
    text(opset, 1, '');
    integer(opset, 2, model.opset);
  });
  for (const [key, value] of Object.entries(model.metadata))
    message(writer, 14, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  return writer.finish();
}
