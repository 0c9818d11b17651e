import { crc32, deflateSync } from 'node:zlib';

/** A PNG of one color, or gray, or with an alpha channel: by the number of its channels. */
export function png(width: number, height: number, color: readonly number[]): Buffer {
  const type = { 1: 0, 3: 2, 4: 6 }[color.length]!;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, type, 0, 0, 0], 8);
  const row = [0, ...Array.from({ length: width }, () => color).flat()];
  const rows = Buffer.from(Array.from({ length: height }, () => row).flat());
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

/** CRC-32 of ISO 3309; Node has it since 20.15. */
const crc = (bytes: Buffer): number => crc32(bytes);
