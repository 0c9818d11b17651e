import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

import { maskedCrc32c } from './crc32c.js';

/** Frames a message as a TFRecord: length, masked CRC of the length, the bytes, masked CRC of the bytes. */
function tfRecord(message: Uint8Array): Uint8Array {
  const record = new Uint8Array(12 + message.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc32c(message), true);
  return record;
}

/** An `Event` up to its payload: wall_time = 1, step = 2 (tensorflow/core/util/event.proto). */
const event = (wallTime: number, step: number) =>
  new BinaryWriter().tag(1, WireType.Bit64).double(wallTime).tag(2, WireType.Varint).int64(step);

/**
 * The record every event file starts with.
 *
 * @param wallTime seconds since 1970
 */
export const versionRecord = (wallTime: number): Uint8Array =>
  tfRecord(event(wallTime, 0).tag(3, WireType.LengthDelimited).string('brain.Event:2').finish());

/** A record of scalars at a step: Event.summary = 5, Summary.value = 1, Value.tag = 1, simple_value = 2. */
export function scalarsRecord(
  wallTime: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array {
  const writer = event(wallTime, step).tag(5, WireType.LengthDelimited).fork();
  for (const [tag, value] of Object.entries(scalars))
    writer
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string(tag)
      .tag(2, WireType.Bit32)
      .float(value)
      .join();
  return tfRecord(writer.join().finish());
}
