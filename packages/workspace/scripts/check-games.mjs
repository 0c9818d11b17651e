// What one epoch on the video-game set must show: check-games.mjs TRAIN EVALUATE RECOMMEND, the stdout of each.
import assert from 'node:assert/strict';

import { lastLine } from './last-line.mjs';

const [trained, evaluated, recommended] = process.argv.slice(2).map(lastLine);
const [hr, popularity] = [trained.metrics, trained.baselines.popularity].map((metrics) => metrics['hr@10']);
console.log(
  `HR@10 after ${trained.epochs.length} epoch: ${hr.value.toFixed(4)}, popularity ${popularity.value.toFixed(4)}`,
);
console.log(`${Math.round(trained.epochs[0].examples_per_second)} examples a second`);

assert.deepEqual(trained.dataset, {
  ...{ users: 98906, items: 26354, interactions: 560787 },
  catalog: { items_without_row: 0, rows_without_interactions: 247 },
});
assert.equal(evaluated.users, 96827);
assert.deepEqual(evaluated.left_out, { repeat: 2079, new_item: 0, unknown_user: 0, unknown_item: 0 });
assert.ok(Math.abs(popularity.value - 0.0258) < 0.0005, 'popularity must be what is known of it');
assert.ok(hr.value > 0.015, 'one epoch must teach something');
assert.ok(hr.low < hr.value && hr.value < hr.high);
for (const [name, { value }] of Object.entries(trained.metrics))
  assert.ok(
    Math.abs(evaluated.metrics[name].value - value) < 1e-4,
    `${name} must be the same from the artifact`,
  );

assert.equal(recommended.items.length, 10);
assert.equal(new Set(recommended.items.map(({ id }) => id)).size, 10);
assert.ok(recommended.items.every(({ title, score }) => title && Number.isFinite(score)));
assert.ok(recommended.items.every(({ score }, i, all) => i === 0 || score <= all[i - 1].score));
