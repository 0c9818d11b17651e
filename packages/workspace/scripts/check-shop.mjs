// What the embedded default must show: check-shop.mjs FILE, where FILE holds the stdout of `npm run train -- --json`.
import assert from 'node:assert/strict';

import { lastLine } from './last-line.mjs';

const { epochs, metrics, baselines } = lastLine(process.argv[2]);
const [tower, popularity, ideal] = [metrics, baselines.popularity, baselines.ideal].map((m) => m['ndcg@10']);
const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
const show = ({ value, low, high }) => `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
console.log(`NDCG@10: tower ${show(tower)}, popularity ${show(popularity)}, ideal ${show(ideal)}`);
console.log(`${epochs.length} epochs in ${seconds.toFixed(1)} s`);

for (const estimate of [tower, popularity, ideal])
  assert.ok(estimate.low <= estimate.value && estimate.value <= estimate.high);
assert.ok(popularity.value > 0, 'popularity must not be zero');
assert.ok(tower.value >= 2 * popularity.value, 'the tower must beat popularity by a factor of 2');
assert.ok(tower.value >= 0.5 * ideal.value, 'the tower must reach half of the ideal ranking');
