/*
 * The part of onnx.proto that the model below needs, by field number. Two models end to end are one that has the parts of both.
 */
const field = (number: number, value: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(value);
  if (bytes.length > 16_383) throw new Error('too long');
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
};
const integer = (number: number, value: number): Buffer => Buffer.from([number << 3, value]);
const all = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const GRAPH = 5; // an attribute that is a graph

const scalar = (name: string, type: number): Buffer =>
  all(field(1, name), field(2, field(1, all(integer(1, type), field(2, '')))));
const constant = (name: string, type: number, raw: number[]): Buffer =>
  all(integer(2, type), field(8, name), field(9, Uint8Array.from(raw)));
const same = (from: string, to: string): Buffer => all(field(1, from), field(2, to), field(4, 'Identity'));

/** What behind the bytes of an ONNX model gives it one more output, which it never comes to the end of. */
export function endlessOutput(): Uint8Array {
  const body = all(
    ...[same('going', 'goes on'), same('x', 'y')].map((node) => field(1, node)),
    field(2, 'body'),
    ...[scalar('turn', INT64), scalar('going', BOOL), scalar('x', FLOAT)].map((input) => field(11, input)),
    ...[scalar('goes on', BOOL), scalar('y', FLOAT)].map((output) => field(12, output)),
  );
  const loop = all(
    ...['', 'always', 'start'].map((input) => field(1, input)),
    ...[field(2, 'end'), field(4, 'Loop')],
    field(5, all(field(1, 'body'), field(6, body), Buffer.from([((20 << 3) & 127) | 128, 1, GRAPH]))),
  );
  return field(
    7,
    all(
      field(1, loop),
      ...[constant('always', BOOL, [1]), constant('start', FLOAT, [0, 0, 0, 0])].map((one) => field(5, one)),
      field(12, scalar('end', FLOAT)),
    ),
  );
}
