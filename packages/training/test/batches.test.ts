import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { bucketBounds, makeBuckets } from '../src/batches/buckets.js';
import { planEpoch } from '../src/batches/epoch-plan.js';
import { InlineStream } from '../src/batches/inline-stream.js';
import { cutSequences } from '../src/batches/sequences.js';
import { WorkerStream } from '../src/batches/worker-stream.js';
import { BatchAssembler, nextItems, type Batch } from '../src/index.js';
import { ringHistories } from './toy.js';

const histories = ringHistories(200, 30, 1, 25);

describe('sequences', () => {
  test('n items give n - 1 examples, each target once; users who give none are left out', () => {
    for (const maxLength of [1, 3, 20]) {
      const { user, start, length, examples } = cutSequences(histories, nextItems(histories), maxLength);
      const targets = new Map<number, number>();
      user.forEach((u, s) => {
        expect(length[s]).toBeGreaterThanOrEqual(1);
        expect(length[s]).toBeLessThanOrEqual(maxLength);
        for (let k = start[s] + 1; k <= start[s] + length[s]; k++) {
          expect(k).toBeGreaterThan(histories.indptr[u]);
          expect(k).toBeLessThan(histories.indptr[u + 1]);
          targets.set(k, (targets.get(k) ?? 0) + 1);
        }
      });
      const expected = Array.from({ length: histories.rows }, (_, u) =>
        Math.max(0, histories.row(u).length - 1),
      );
      expect(examples).toBe(expected.reduce((a, b) => a + b));
      expect(targets.size).toBe(examples);
      expect(Math.max(...targets.values())).toBe(1);
    }
  });

  test('"last" keeps the end of a long history', () => {
    const one = new CsrMatrix(1, 6, Int32Array.of(0, 6), Int32Array.of(0, 1, 2, 3, 4, 5));
    const { start, length, examples } = cutSequences(one, nextItems(one), 2, 'last');
    expect([[...start], [...length], examples]).toEqual([[3], [2], 2]);
    const all = cutSequences(one, nextItems(one), 2, 'all');
    expect([[...all.start], [...all.length], all.examples]).toEqual([[3, 1, 0], [2, 2, 1], 5]);
  });
});

describe('epochs', () => {
  test('bounds grow to the longest', () => {
    expect(bucketBounds(1)).toEqual([1]);
    expect(bucketBounds(20)).toEqual([1, 2, 3, 4, 6, 9, 13, 19, 20]);
  });

  test('each sequence comes once, within the capacity of its bucket', () => {
    const sequences = cutSequences(histories, nextItems(histories), 20);
    const buckets = makeBuckets(sequences, 20, 64);
    const plan = planEpoch(buckets, sequences, new Rng(1));
    expect([...plan.sequences].sort((a, b) => a - b)).toEqual([...sequences.start.keys()]);
    plan.bucket.forEach((bucket, b) => {
      const members = plan.sequences.subarray(plan.offsets[b], plan.offsets[b + 1]);
      const total = members.reduce((sum, s) => sum + sequences.asked[s], 0);
      expect(members.length).toBeGreaterThan(0);
      expect(members.length).toBeLessThanOrEqual(buckets[bucket].batch);
      expect(total).toBeLessThanOrEqual(buckets[bucket].positions);
      for (const s of members) expect(sequences.length[s]).toBeLessThanOrEqual(buckets[bucket].steps);
    });
    expect(planEpoch(buckets, sequences, new Rng(1))).toEqual(plan);
    expect(planEpoch(buckets, sequences, new Rng(2)).sequences).not.toEqual(plan.sequences);
  });
});

describe('batches', () => {
  const options = {
    batchSize: 48,
    maxLength: 20,
    negatives: [{ proposal: { kind: 'uniform' }, count: 8 }],
  } as const;
  const all = async (stream: InlineStream | WorkerStream, epoch: number, from = 0) => {
    const batches: Batch[] = [];
    stream.start(epoch, from);
    for (let batch = await stream.next(); batch; batch = await stream.next()) batches.push(batch);
    return batches;
  };

  test('say who predicts what from what, and which candidates are no negatives', async () => {
    const assembler = new BatchAssembler({ histories }, options);
    const batches = await all(new InlineStream(assembler, 1), 1);
    const seenTargets: string[] = [];
    for (const batch of batches) {
      const { steps, candidates } = assembler.shapes[batch.bucket];
      const real = batch.items.subarray(0, batch.itemCount);
      expect(new Set(real).size).toBe(real.length);
      const masked = new Set<string>();
      for (let k = 0; k < batch.masked.length; k += 2)
        masked.add(`${batch.masked[k]},${batch.masked[k + 1]}`);
      for (let row = 0; row < batch.examples; row++) {
        const user = batch.users[batch.positionUser[row]];
        const own = histories.row(user);
        const place = batch.positions[row] - batch.positionUser[row] * steps;
        const target = batch.items[batch.positives[row]];
        expect(batch.weight[row]).toBe(1);
        expect(batch.seen[row]).toBe(place + 1);
        // The inputs up to this place, then the target, must stand next to each other in the user's history.
        const inputs = Array.from(
          { length: place + 1 },
          (_, t) => batch.items[batch.history[batch.positionUser[row] * steps + t]],
        );
        const text = `,${[...own].join()},`;
        expect(text).toContain(`,${[...inputs, target].join()},`);
        seenTargets.push(`${user}:${target}`);
        for (let column = 0; column < candidates; column++) {
          if (batch.logQ[column] === Infinity) continue;
          const no = own.includes(batch.items[column]) && column !== batch.positives[row];
          expect(masked.has(`${row},${column}`)).toBe(no);
        }
      }
      expect([...batch.weight.subarray(batch.examples)].every((w) => w === 0)).toBe(true);
    }
    expect(seenTargets.length).toBe(assembler.sequences.examples);
  });

  test('a worker makes the same batches, also from the middle of an epoch and after leaving one', async () => {
    const assembler = new BatchAssembler({ histories }, options);
    const inline = new InlineStream(assembler, 5);
    const worker = new WorkerStream(assembler, 5, options);
    try {
      expect(await all(worker, 1)).toEqual(await all(inline, 1));
      worker.start(2, 0);
      await worker.next();
      expect(await all(worker, 3, 2)).toEqual(await all(inline, 3, 2));
      expect(worker.batches).toBe(inline.batches);
    } finally {
      await worker.close();
    }
  });

  test('a worker that ends by itself ends the run', () => {
    const program = fileURLToPath(new URL('./setup/ended-thread.mjs', import.meta.url));
    const said = execFileSync(process.execPath, [program], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual({ outcome: 'THREAD_ENDED' });
  }, 60_000);
});
