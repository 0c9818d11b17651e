import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { CandidateSampler, inBatch, uniform } from '@towerkit/sampling';

import { InlineStream } from '../src/batches/inline-stream.js';
import { targetCounts } from '../src/batches/targets.js';
import { BatchAssembler, type Batch } from '../src/index.js';

const USERS = 900;
const ITEMS = 120;

/**
 * Popularity falls as 1 / rank, and people with long histories prefer another end of the catalog, so that the
 * targets of a bucket are not those of all.
 */
function longTailed(rng: Rng): CsrMatrix {
  const rows: number[] = [];
  const columns: number[] = [];
  for (let user = 0; user < USERS; user++) {
    const length = 2 + Math.floor(16 * rng.uniform() ** 3);
    for (let n = 0; n < length; n++) {
      const rank = Math.floor(ITEMS ** rng.uniform()) - 1;
      rows.push(user);
      columns.push(length > 6 ? (rank * 7 + 40) % ITEMS : rank);
    }
  }
  return CsrMatrix.fromPairs(USERS, ITEMS, rows, columns);
}

const histories = longTailed(new Rng(1));
const had = Array.from({ length: USERS }, (_, user) => new Set(histories.row(user)));
const options = { batchSize: 96, maxLength: 8 };

/** Batches of real epochs, each with the targets of every sequence in it. */
function* realBatches(assembler: BatchAssembler, epochs: number) {
  const stream = new InlineStream(assembler, 7);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    stream.start(epoch, 0);
    for (let batch = stream.next(); batch; batch = stream.next()) {
      const targets: Set<number>[] = Array.from({ length: batch.userCount }, () => new Set());
      for (let row = 0; row < batch.examples; row++)
        targets[batch.positionUser[row]].add(batch.items[batch.positives[row]]);
      yield { batch, targets };
    }
  }
}

/** Columns that hold candidates, with their items. */
const columnsOf = ({ logQ, items }: Batch) =>
  [...logQ.keys()].filter((c) => logQ[c] !== Infinity).map((column) => ({ column, item: items[column] }));

/** Sums by bucket and item. With the right q the mean of [present] / q is 1: its log is the error of log q. */
class Errors {
  readonly #sums = new Map<string, { weight: number; present: number; trials: number }>();

  at(bucket: number, item: number) {
    const key = `${bucket}:${item}`;
    let sum = this.#sums.get(key);
    if (!sum) this.#sums.set(key, (sum = { weight: 0, present: 0, trials: 0 }));
    return sum;
  }

  /** Root mean square over the cells whose item was present often enough. */
  summary(enough: number) {
    const errors = [...this.#sums.values()]
      .filter(({ present }) => present >= enough)
      .map(({ weight, trials }) => Math.log(weight / trials));
    return {
      rms: Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length),
      cells: errors.length,
    };
  }
}

describe('log q of real batches', () => {
  test('of a negative is the log of how often it stands among the candidates of a row that may take it', () => {
    const draws = { proposal: uniform(ITEMS), count: 6 };
    const assembler = new BatchAssembler(
      { histories },
      {
        ...options,
        negatives: [{ proposal: { kind: 'uniform' }, count: draws.count }],
      },
    );
    // What was subtracted before: all positions of a batch as independent draws from all targets.
    const old = new CandidateSampler({
      proposals: [draws],
      targetProposal: inBatch(targetCounts(assembler.sequences, assembler.examples, ITEMS)),
    });
    const [now, before] = [new Errors(), new Errors()];
    for (const { batch } of realBatches(assembler, 250)) {
      const users = [...batch.users.subarray(0, batch.userCount)];
      const open = (item: number) => users.filter((user) => !had[user].has(item)).length;
      for (let item = 0; item < ITEMS; item++) {
        const trials = open(item);
        now.at(batch.bucket, item).trials += trials;
        before.at(batch.bucket, item).trials += trials;
      }
      for (const { column, item } of columnsOf(batch)) {
        const present = open(item);
        for (const [errors, logQ] of [
          [now, batch.logQ[column]],
          [before, old.logInclusion(item, batch.examples)],
        ] as const) {
          const cell = errors.at(batch.bucket, item);
          cell.present += present;
          cell.weight += present * Math.exp(-logQ);
        }
      }
    }
    const { rms, cells } = now.summary(4000);
    expect(cells).toBeGreaterThan(300);
    expect(rms).toBeLessThan(0.05);
    expect(before.summary(4000).rms).toBeGreaterThan(0.15);
  });

  test("of a row's own target it is that of standing there through other sequences", () => {
    const assembler = new BatchAssembler({ histories }, { ...options, negatives: [] });
    const [now, before] = [new Errors(), new Errors()];
    for (const { batch, targets } of realBatches(assembler, 400))
      for (let row = 0; row < batch.examples; row++) {
        const item = batch.items[batch.positives[row]];
        const own = batch.positionUser[row];
        const present = targets.some((others, s) => s !== own && others.has(item));
        for (const [errors, logQ] of [
          [now, batch.targetLogQ[row]],
          [before, batch.logQ[batch.positives[row]]],
        ] as const) {
          const cell = errors.at(batch.bucket, item);
          cell.trials++;
          if (!present) continue;
          cell.present++;
          cell.weight += Math.exp(-logQ);
        }
      }
    const { rms, cells } = now.summary(400);
    expect(cells).toBeGreaterThan(100);
    expect(rms).toBeLessThan(0.05);
    expect(before.summary(400).rms).toBeGreaterThan(2 * rms);
  });

  test('is finite where nothing but its own sequence can bring a target', () => {
    // One user alone: a batch of one sequence, and no draws.
    const one = CsrMatrix.fromPairs(1, 4, [0, 0, 0], [0, 1, 2]);
    const assembler = new BatchAssembler({ histories: one }, { batchSize: 4, maxLength: 4, negatives: [] });
    for (const { batch } of realBatches(assembler, 1)) {
      for (const logQ of [...batch.logQ.subarray(0, 2), ...batch.targetLogQ.subarray(0, 2)])
        expect(logQ).toBeCloseTo(0, 12);
    }
  });
});
