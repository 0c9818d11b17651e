// What an index of the video-game set must show: check-index.mjs FILE, the stdout of `towerkit index --json`.
import assert from 'node:assert/strict';

import { lastLine } from './last-line.mjs';

const { driver, items, recall, reached, p50_us } = lastLine(process.argv[2]);
console.log(`${driver}: ${items} items, recall@10 ${recall.toFixed(4)}, p50 ${p50_us.toFixed(0)} us`);

assert.equal(items, 26354);
// .98 is asked for: after one epoch the graph's recall ends between .99 and .995, and no two trainings on two threads are alike.
assert.ok(reached, 'tuning must reach the recall asked for');
assert.ok(recall > 0.97, 'users apart from those it was tuned on must find nearly as much');
