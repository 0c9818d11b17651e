import { expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { createEngine } from '../src/index.js';

test('thin', async () => {
  const engine = await createEngine({ threads: 1 });
  const f = await engine.compile(
    ({ x, w, b, ids, table }) => {
      const rows = tf.gather(table, ids);
      const y = tf.softmax(tf.relu(tf.add(tf.matMul(tf.mul(x, rows), w), b)));
      return { loss: tf.mean(tf.square(y)), y };
    },
    {
      inputs: { x: { shape: [4, 3] }, w: { shape: [3, 2] }, b: { shape: [2] }, ids: { shape: [4], dtype: 'int32' }, table: { shape: [5, 3] } },
      gradient: { of: 'loss', wrt: ['w', 'b', 'table'] },
    },
  );
  const r = Float32Array.from({ length: 15 }, (_, i) => Math.sin(i));
  const out = await f.run({ x: r.slice(0, 12), w: r.slice(0, 6), b: r.slice(2, 4), ids: Int32Array.of(0, 1, 1, 4), table: r });
  expect(out.outputs.y.length).toBe(8);
  process.stdout.write(JSON.stringify(out) + '\n');
});
