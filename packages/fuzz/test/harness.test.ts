import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { chaosTable, isRight } from '../src/chaos/chaos-table.js';
import type { Fixtures } from '../src/fixtures/fixtures.js';
import { edited } from '../src/generate/edits.js';
import { valuesOf } from '../src/generate/schema-values.js';
import { sealArtifact, tamper } from '../src/generate/tampering.js';
import { faultOf } from '../src/kills/run-kills.js';
import { campaign } from '../src/run/campaign.js';
import { documentedCodes } from '../src/run/known-codes.js';
import { listed, positive } from '../src/run/flags.js';
import { trendOf, trendText } from '../src/run/memory.js';
import { signatureOf, type Fault, type Target } from '../src/run/target.js';
import { ordersTo } from '../src/server/orders.js';

const none = {} as Fixtures;

/** A target that is wrong about some numbers. */
const numbers = (fault: (n: number) => Fault | undefined): Target<number> => ({
  name: 'numbers',
  artifacts: [],
  cases: () => fc.integer({ min: 0, max: 1000 }),
  open: async () => ({
    try: async (tried) => fault(tried),
    memory: async () => undefined,
    close: async () => undefined,
  }),
});
const big = (n: number): Fault | undefined =>
  n > 500 ? { kind: 'wrong', signature: 'big', detail: String(n) } : undefined;

test('a fault is found, made small, counted, and seen again under its seed and path', async () => {
  const report = await campaign(numbers(big) as Target, none, { seconds: 5, seed: 3, cases: 3000 });
  const [found] = report.findings;
  expect(found).toMatchObject({ signature: 'big', example: 501 });
  expect(report.findings).toHaveLength(1);
  expect(found.times).toBeGreaterThan(100);
  const { seed, path } = found;
  const again = await campaign(numbers(big) as Target, none, { seconds: 5, seed, path });
  expect(again.findings).toMatchObject([{ signature: 'big', example: 501 }]);
});

test('a fault that is known hides no other', async () => {
  const two = (n: number) => (n === 777 ? { kind: 'crash' as const, signature: 'rare', detail: '' } : big(n));
  const { findings } = await campaign(numbers(two) as Target, none, { seconds: 20, seed: 1, cases: 20_000 });
  expect(findings.map(({ signature }) => signature).sort()).toEqual(['big', 'rare']);
});

test('nothing wrong, nothing found', async () => {
  const report = await campaign(numbers(() => undefined) as Target, none, { seconds: 5, seed: 1, cases: 50 });
  expect(report.findings).toEqual([]);
  expect(report.cases).toBeGreaterThanOrEqual(50);
});

test('messages that differ in names and figures have one signature', () => {
  expect(signatureOf('/tmp/a/b.csv: row 17 of "x" has 3.5e2\nmore')).toBe(
    signatureOf('/x/c.csv: row 2 of "yz" has 1'),
  );
  expect(signatureOf('row 1')).not.toBe(signatureOf('column 1'));
});

test('memory that grows by 2 MiB a second has that slope, whatever it did at first', () => {
  const samples = Array.from({ length: 40 }, (_, at) => ({
    at,
    mebibytes: at < 20 ? 500 - at : 100 + 2 * at,
  }));
  expect(trendOf(samples)).toMatchObject({ perMinute: expect.closeTo(120), growth: expect.closeTo(38) });
});

test('a run that was too short for a slope of memory says so', () => {
  const samples = Array.from({ length: 30 }, (_, at) => ({ at, mebibytes: at }));
  expect(trendText(trendOf(samples))).toBe('0 to 29, 60.00 a minute');
  expect(trendOf(samples.slice(1))).toBeUndefined();
  expect(trendText(undefined)).toBe('not judged: fewer than 30 samples');
});

test('each order gets its own answer, though several wait at once', async () => {
  const child = Object.assign(new EventEmitter(), { send: () => true });
  const order = ordersTo(child as never, new Promise<never>(() => undefined));
  const both = Promise.all([order('end-thread'), order('memory')]);
  child.emit('message', { ended: true });
  child.emit('message', { memory: 7 });
  expect(await both).toEqual([{ ended: true }, { memory: 7 }]);
});

test('no order waits for a server that ended', async () => {
  const child = Object.assign(new EventEmitter(), { send: () => false });
  const order = ordersTo(child as never, Promise.reject(new Error('the server ended')));
  await expect(order('memory')).rejects.toThrow('the server ended');
});

describe('a chaos run', () => {
  const right = {
    ...{ store: 'sqlite', seconds: 60, troubles: { 'good swap': 1, 'disk full': 'not possible here' } },
    ...{
      statuses: {},
      acknowledged: 1,
      answers: 1,
      readySamples: 1,
      notReady: 0,
      stale: 0,
      endedInTime: true,
    },
    ...{ lost: [], wrongVersion: [], wrongItems: [], broken: [], readyLies: [], trouble: [] },
  };
  const memory = { first: 100, last: 200, perMinute: 20, growth: 32 };

  test('that tried everything and showed nothing wrong is right, memory or not', () => {
    expect(isRight(right)).toBe(true);
    expect(isRight({ ...right, memory })).toBe(true);
    expect(chaosTable([right])).toContain('| memory, MiB | not judged: fewer than 30 samples |');
  });

  test.each([
    ['that had no answers', { answers: 0 }, 'untried: no answers'],
    ['that acknowledged no events', { acknowledged: 0 }, 'untried: no acknowledged events'],
    ['that never looked at readiness', { readySamples: 0 }, 'untried: no samples of readiness'],
    ['without troubles', { troubles: { 'disk full': 'not possible here' } }, 'untried: no troubles'],
    ['that lost an event', { lost: ['event-3'] }, 'lost: event-3 (1)'],
    ['with an untrue readiness', { readyLies: ['a', 'a'] }, 'readyLies: a (2)'],
    ['whose memory grew', { memory: { ...memory, growth: 33 } }, '100 to 200, 20.00 a minute'],
    ['whose memory is no number', { memory: { ...memory, growth: Number.NaN } }, '100 to 200'],
    ['that did not end', { endedInTime: false }, '| no |'],
  ])('%s is not right, and says why', (_, change, said) => {
    expect(isRight({ ...right, ...change })).toBe(false);
    expect(chaosTable([{ ...right, ...change }])).toContain(said);
  });
});

test('after a kill, a file is as before or whole, an artifact as before or another whole one', () => {
  expect(faultOf('old', 'old', 'new')).toBeUndefined();
  expect(faultOf('new', 'old', 'new')).toBeUndefined();
  expect(faultOf('absent', 'absent', 'new')).toBeUndefined();
  expect(faultOf('ne', 'old', 'new')).toBe('neither as before nor whole');
  expect(faultOf('absent', 'old', 'new')).toBe('what stood there is gone');
  expect(faultOf('version 2', 'version 1')).toBeUndefined();
  expect(faultOf('broken: cut', 'version 1')).toBe('broken: cut');
});

test('flags that would try nothing are refused', () => {
  expect(positive('minutes', '0.5')).toBe(0.5);
  for (const text of ['0', '-1', 'x', '', 'Infinity'])
    expect(() => positive('minutes', text)).toThrow('--minutes');
  expect(listed('only', undefined, ['a', 'b'])).toEqual(['a', 'b']);
  expect(listed('only', 'b', ['a', 'b'])).toEqual(['b']);
  for (const text of ['', 'c', 'a,c'])
    expect(() => listed('only', text, ['a', 'b'])).toThrow('--only takes a, b');
});

test('codes are those of the READMEs', () => {
  const codes = documentedCodes(resolve(import.meta.dirname, '../../..'));
  for (const code of [
    'BAD_ROW',
    'BAD_ARTIFACT',
    'UNKNOWN_ITEM',
    'BODY_TOO_LARGE',
    'BAD_USAGE',
    'BAD_OPTIONS',
  ])
    expect(codes).toContain(code);
  expect(codes).not.toContain('EISDIR');
  expect(codes).not.toContain('TOWERKIT_FULL');
});

test('values of a schema are mostly valid, and not always', () => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer', minimum: 1, maximum: 3 } },
    required: ['n'],
  };
  const values = fc.sample(valuesOf(schema), { numRuns: 1000, seed: 1 }) as { n?: unknown }[];
  const right = values.filter((value) => [1, 2, 3].includes(value?.n as number)).length;
  expect(right).toBeGreaterThan(500);
  expect(right).toBeLessThan(1000);
});

test('edits change what they say', () => {
  const bytes = Uint8Array.from([1, 2, 3, 4]);
  const from = (at: number) => ({ from: 'start' as const, at });
  expect([...edited(bytes, { what: 'bit', place: from(1), bit: 3 })]).toEqual([1, 10, 3, 4]);
  expect([...edited(bytes, { what: 'insert', place: from(4), bytes: [9] })]).toEqual([1, 2, 3, 4, 9]);
  expect([...edited(bytes, { what: 'bytes', place: { from: 'end', at: 2 }, bytes: [9] })]).toEqual([
    1, 2, 9, 4,
  ]);
  expect([...edited(bytes, { what: 'cut', place: { from: 'share', at: 0.5 } })]).toEqual([1, 2]);
  expect([...edited(bytes, { what: 'repeat', place: from(0), length: 1, times: 2 })]).toEqual([
    1, 1, 1, 2, 3, 4,
  ]);
  const json = Buffer.from('{"a":1,"b":{"c":2}}');
  expect(JSON.parse(Buffer.from(edited(json, { what: 'json', leaf: 0.99, value: 'x' })).toString())).toEqual({
    a: 1,
    b: { c: 'x' },
  });
});

test('a sealed artifact has the sizes and checksums of its changed files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-fuzz-seal-'));
  try {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    await mkdir(from);
    await writeFile(join(from, 'a.bin'), 'abc');
    await writeFile(
      join(from, 'manifest.json'),
      JSON.stringify({ kind: 'x', files: { 'a.bin': { bytes: 3, sha256: '' } } }),
    );
    const change = {
      what: 'edits' as const,
      edits: [{ what: 'insert' as const, place: { from: 'start' as const, at: 0 }, bytes: [65] }],
    };
    await tamper(from, to, { changes: [{ file: 0, change }] });
    await sealArtifact(to);
    const { files } = JSON.parse(await readFile(join(to, 'manifest.json'), 'utf8'));
    expect(files['a.bin']).toEqual({ bytes: 4, sha256: createHash('sha256').update('Aabc').digest('hex') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
