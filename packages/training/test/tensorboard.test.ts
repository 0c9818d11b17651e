import { describe, expect, test } from '@jest/globals';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { crc32c, maskedCrc32c } from '../src/callbacks/tensorboard/crc32c.js';
import { tensorboard } from '../src/index.js';

/** Python with TensorBoard, where there is one: the real reader. */
const python = process.env.TOWERKIT_TENSORBOARD_PYTHON;

async function writeEvents(folder: string) {
  const callback = tensorboard(folder, { everySteps: 2 });
  const event = { epoch: 1, epochs: 1, done: 1, total: 2, rate: 5, learningRate: 0.5 };
  for (const step of [1, 2, 3, 4]) await callback.onStep!({ ...event, step, loss: 10 - step });
  await callback.onEpochEnd!(
    {
      epoch: 1,
      seconds: 1,
      examples: 4,
      examplesPerSecond: 4,
      loss: 7.5,
      metrics: { 'hr@10': { value: 0.25, low: 0.2, high: 0.3, users: 8 } },
    },
    4,
  );
}

const EXPECTED = [
  [2, 'step/loss', 8],
  [2, 'step/learning_rate', 0.5],
  [4, 'step/loss', 6],
  [4, 'step/learning_rate', 0.5],
  [4, 'epoch/loss', 7.5],
  [4, 'epoch/examples_per_second', 4],
  [4, 'validation/hr@10', 0.25],
];

describe('tensorboard', () => {
  test('CRC-32C has the values of RFC 3720, appendix B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });

  test('records are framed and hold the scalars', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-tensorboard-'));
    await writeEvents(folder);
    const [name] = await readdir(folder);
    const scalars: unknown[] = [];
    for (const message of records(await readFile(join(folder, name)))) scalars.push(...scalarsOf(message));
    expect(scalars).toEqual(EXPECTED);
    await rm(folder, { recursive: true });
  });

  (python ? test : test.skip)('TensorBoard itself reads them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-tensorboard-'));
    await writeEvents(folder);
    const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1]); events.Reload()
print(json.dumps([[e.step, tag, e.value] for tag in events.Tags()["scalars"] for e in events.Scalars(tag)]))`;
    const { stdout } = await promisify(execFile)(python!, ['-c', script, folder]);
    const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(JSON.parse(stdout.trim().split('\n').at(-1)!))).toEqual(sorted(EXPECTED));
    await rm(folder, { recursive: true });
  });
});

function* records(file: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const message = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(message));
    yield message;
    at += 16 + length;
  }
}

function scalarsOf(message: Uint8Array): unknown[] {
  const event = fields(message);
  const step = Number(event.find(([field]) => field === 2)?.[1] ?? 0);
  const summary = event.find(([field]) => field === 5)?.[1];
  if (!summary) return [];
  return fields(summary as Uint8Array).map(([, value]) => {
    const parts = Object.fromEntries(fields(value as Uint8Array));
    return [step, new TextDecoder().decode(parts[1] as Uint8Array), parts[2]];
  });
}

function fields(bytes: Uint8Array): [number, unknown][] {
  const reader = new BinaryReader(bytes);
  const result: [number, unknown][] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.Varint) result.push([field, reader.int64()]);
    else if (type === WireType.Bit64) result.push([field, reader.double()]);
    else if (type === WireType.Bit32) result.push([field, reader.float()]);
    else result.push([field, reader.bytes()]);
  }
  return result;
}
