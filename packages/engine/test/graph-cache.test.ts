import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createEngine, type TensorFunction } from '../src/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-graphs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const X = Float32Array.of(1, -2, 3);

/** Compiles in an engine of its own, as another process would; tells how often the function was traced. */
async function compiled(factor: number, threads = 1) {
  let traces = 0;
  const fn: TensorFunction = ({ x }) => {
    traces++;
    return { loss: tf.sum(tf.mul(tf.square(x), factor)) };
  };
  const engine = await createEngine({ threads, cache: folder });
  try {
    const step = await engine.compile(fn, {
      inputs: { x: { shape: [3] } },
      gradient: { of: 'loss', wrt: ['x'] },
    });
    const { outputs, gradients } = await step.run({ x: X });
    return { traces, loss: outputs.loss[0], gradient: Array.from(gradients.x) };
  } finally {
    await engine.dispose();
  }
}

test('a graph is kept, and taken by who compiles the same one', async () => {
  const first = await compiled(2);
  expect(first).toEqual({ traces: 2, loss: 28, gradient: [4, -8, 12] });
  const [file, ...others] = await readdir(folder);
  expect(others).toEqual([]);
  expect(file).toMatch(/^[0-9a-f]{40}\.onnx$/);
  // One trace tells that it is the same graph: that of another process was the other.
  expect(await compiled(2)).toEqual({ ...first, traces: 1 });
  expect(await readdir(folder)).toEqual([file]);
});

test('another constant, or other threads, are another graph', async () => {
  await compiled(2);
  expect(await compiled(3)).toEqual({ traces: 2, loss: 42, gradient: [6, -12, 18] });
  await compiled(2, 2);
  expect(await readdir(folder)).toHaveLength(3);
});

test('what a killed process was writing is removed; what a living one writes is not', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const names = [`a.onnx.${gone}.tmp`, `b.onnx.${process.pid}.tmp`];
  for (const name of names) await writeFile(join(folder, name), 'half');
  await compiled(2);
  const left = await readdir(folder);
  expect([left.includes(names[0]), left.includes(names[1])]).toEqual([false, true]);
});

test('a file that is no graph is made again', async () => {
  const first = await compiled(2);
  const [file] = await readdir(folder);
  await writeFile(join(folder, file), 'nonsense');
  expect(await compiled(2)).toMatchObject({ loss: first.loss, gradient: first.gradient });
  expect(await compiled(2)).toEqual({ ...first, traces: 1 });
});

test('a folder that cannot be made is done without', async () => {
  await writeFile(join(folder, 'file'), '');
  const engine = await createEngine({ threads: 1, cache: join(folder, 'file', 'graphs') });
  const step = await engine.compile(({ x }) => ({ y: tf.neg(x) }), { inputs: { x: { shape: [3] } } });
  expect(Array.from((await step.run({ x: X })).outputs.y)).toEqual([-1, 2, -3]);
  await engine.dispose();
});
