/**
 * The cost of a whole training step (sampling, mask, gather, run, table update) as the catalog grows, at the same
 * batch capacity. Histories are drawn over the whole catalog. Sizes are run in turn, several rounds.
 *
 *     node dist/catalog-size.js [--items 10000,100000,1000000] [--rounds 3]
 */
import { CsrMatrix, Rng } from '@towerkit/core';
import { train } from '@towerkit/training';

import { flags, median, print } from './arguments.js';
import { machine } from './machine.js';
import { referenceSettings } from './video-games.js';

const args = flags({ items: '10000,100000,1000000', rounds: '3', users: '60000', threads: '2' });
const sizes = args.items.split(',').map(Number);
const LENGTH = 6;

/** Users with six random items each, so that every batch has the same shape whatever the catalog. */
function histories(items: number): CsrMatrix {
  const users = Number(args.users);
  const rng = new Rng(items);
  const indptr = Int32Array.from({ length: users + 1 }, (_, user) => user * LENGTH);
  return new CsrMatrix(
    users,
    items,
    indptr,
    Int32Array.from({ length: users * LENGTH }, () => rng.integer(items)),
  );
}

print(machine());
const seconds = new Map<number, number[]>(sizes.map((items) => [items, []]));
for (let round = 0; round < Number(args.rounds); round++)
  for (const items of sizes) {
    // Batches made inline, so that sampling and masks are inside the time.
    const result = await train({
      ...referenceSettings(round, Number(args.threads), 2),
      data: { histories: histories(items) },
      worker: false,
    });
    const { wait, gather, step, update } = result.profile;
    const { seconds: time, examples } = result.epochs[1];
    const perStep = (1000 * time) / Math.ceil(examples / 1024);
    seconds.get(items)!.push(perStep);
    print(
      `${items} items: ${perStep.toFixed(2)} ms a step (whole run: batch ${wait.toFixed(2)} s, gather ${gather.toFixed(2)}, step ${step.toFixed(2)}, update ${update.toFixed(2)})`,
    );
  }
const medians = sizes.map((items) => median(seconds.get(items)!));
sizes.forEach((items, at) => print(`${items} items: median ${medians[at].toFixed(2)} ms a step`));
print(`largest / smallest: ${(Math.max(...medians) / Math.min(...medians)).toFixed(2)}`);
