import { expect, test } from '@jest/globals';

import { deadline } from '../src/runs/deadline.js';

const within = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('it aborts when the time is over, and not before', async () => {
  const { signal, release } = deadline(0.1 / 60, undefined);
  expect(signal.aborted).toBe(false);
  await within(400);
  expect(signal.aborted).toBe(true);
  release();
});

test('it aborts with another signal and its reason, also one that is aborted already', () => {
  const controller = new AbortController();
  const { signal, release } = deadline(undefined, controller.signal);
  controller.abort(new Error('enough'));
  expect(signal.reason).toMatchObject({ message: 'enough' });
  release();
  const late = deadline(1000, controller.signal);
  expect(late.signal.aborted).toBe(true);
  late.release();
});

test('what is released aborts no more', async () => {
  const controller = new AbortController();
  const { signal, release } = deadline(0.05 / 60, controller.signal);
  release();
  controller.abort();
  await within(200);
  expect(signal.aborted).toBe(false);
});
