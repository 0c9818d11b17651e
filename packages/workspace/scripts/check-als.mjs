// What ALS on the video-game set must show: check-als.mjs BASELINE COMPARE, the stdout of each; the comparison is of a
// tower that started from ALS, one epoch old, with ALS.
import assert from 'node:assert/strict';

import { lastLine } from './last-line.mjs';

const [fitted, compared] = process.argv.slice(2).map(lastLine);
const hr = fitted.metrics['hr@10'];
const seconds = fitted.fit_seconds.toFixed(1);
console.log(`ALS: HR@10 ${hr.value.toFixed(4)}, ${seconds} s to fit`);

assert.equal(hr.users, 96827);
assert.ok(hr.value >= 0.09, 'ALS with its defaults must reach HR@10 .090');
assert.equal(compared.users, 96827);
const [als, tower] = compared.models;
assert.equal(als.p, null);
assert.deepEqual(als.metrics, fitted.metrics);
assert.ok(tower.metrics['hr@10'].value > 0.9 * als.metrics['hr@10'].value, 'the tower must start near ALS');
assert.ok(tower.p['hr@10'] >= 0 && tower.p['hr@10'] <= 1);
