import { afterAll, describe, expect, test } from '@jest/globals';
import { isTowerkitError, Rng, type TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import {
  createEngine,
  loadOnnx,
  type CompileOptions,
  type Engine,
  type TensorFunction,
} from '../src/index.js';

const onnx = await createEngine({ threads: 1 });
const cpu = await createEngine({ kind: 'tfjs', backend: 'cpu' });
afterAll(async () => {
  await onnx.dispose();
  await cpu.dispose();
});

const X: CompileOptions = { inputs: { x: { shape: [2, 3] } } };
const X_GRADIENT: CompileOptions = { ...X, gradient: { of: 'loss', wrt: ['x'] } };

async function failure(action: () => Promise<unknown>): Promise<TowerkitError> {
  try {
    await action();
  } catch (error) {
    if (isTowerkitError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const compiling = (fn: TensorFunction, options = X, engine: Engine = onnx) =>
  failure(() => engine.compile(fn, options));

describe('while tracing', () => {
  test('a host read names the operation whose result is read', async () => {
    const reads: TensorFunction[] = [
      ({ x }) => ({ y: tf.tensor(tf.exp(x).dataSync()) }),
      ({ x }) => ({ y: tf.scalar((tf.exp(x).arraySync() as number[][])[0][0]) }),
      ({ x }) => (void tf.exp(x).data(), { y: x }),
      ({ x }) => (tf.exp(x).print(), { y: x }),
      ({ x }) => {
        try {
          tf.exp(x).dataSync();
        } catch {
          // a function that swallows the refusal is refused all the same
        }
        return { y: x };
      },
    ];
    for (const fn of reads) {
      const error = await compiling(fn);
      expect(error.code).toBe('HOST_READ');
      expect(error.message).toContain('exp');
      expect(error.hint).toContain('dataSync');
    }
    expect(
      (await compiling(({ x }) => ({ loss: tf.sum(tf.mul(x, x.dataSync()[0])) }), X_GRADIENT)).code,
    ).toBe('HOST_READ');
  });

  test('host randomness names where it enters and where it is used', async () => {
    const dropped = await compiling(({ x }) => ({ y: tf.dropout(x, 0.5) }));
    expect(dropped.code).toBe('HOST_RANDOMNESS');
    expect(dropped.message).toContain('dropout');
    const drawn = await compiling(({ x }) => ({ y: tf.atan(tf.add(tf.randomUniform([2, 3]), x)) }));
    expect(drawn.code).toBe('HOST_RANDOMNESS');
    expect(drawn.message).toMatch(/randomUniform.*add/);
    for (const draw of [tf.randomNormal, tf.truncatedNormal, (shape: [number]) => tf.randomGamma(shape, 1)])
      expect((await compiling(({ x }) => ({ y: tf.mul(x, draw([3])) }))).code).toBe('HOST_RANDOMNESS');
    const scaled = await compiling(({ x }) => ({ y: tf.mul(x, Math.random()) }));
    expect(scaled.code).toBe('HOST_RANDOMNESS');
    expect(scaled.message).toContain('mul');
  });

  test('a coin thrown with Math.random is refused whatever it shows', async () => {
    for (let i = 0; i < 8; i++)
      expect((await compiling(({ x }) => ({ y: Math.random() < 0.01 ? tf.neg(x) : x }))).code).toBe(
        'HOST_RANDOMNESS',
      );
    const original = Math.random;
    await compiling(({ x }) => ({ y: tf.dropout(x, 0.5) }));
    expect(Math.random).toBe(original);
  });

  test('randomness that does not come from Math.random is refused too', async () => {
    let calls = 0;
    expect((await compiling(({ x }) => ({ y: tf.add(x, calls++) }))).code).toBe('HOST_RANDOMNESS');
    expect((await compiling(({ x }) => ({ y: calls++ % 2 ? tf.exp(x) : tf.neg(x) }))).code).toBe(
      'HOST_RANDOMNESS',
    );
    expect(
      (
        await compiling(({ x }) => ({
          y: tf.pad(x, [
            [calls++, 0],
            [0, 0],
          ]),
        }))
      ).code,
    ).toBe('HOST_RANDOMNESS');
  });

  test('a dropout with a rate of 0 and a seeded constant are no randomness', async () => {
    const seeded = await onnx.compile(
      ({ x }) => ({ y: tf.add(tf.dropout(x, 0), tf.randomUniform([3], 0, 1, 'float32', 5)) }),
      X,
    );
    await seeded.dispose();
  });

  test('an unsupported kernel is named', async () => {
    const image = { inputs: { x: { shape: [1, 4, 4, 1] } } };
    const error = await compiling(({ x }) => ({ y: tf.avgPool(x as tf.Tensor4D, 2, 1, 'same') }), image);
    expect(error.code).toBe('UNSUPPORTED_KERNEL');
    expect(error.message).toContain('AvgPool');
    expect(error.hint).toMatch(/other/);
  });

  test('complex and string tensors are refused', async () => {
    expect((await compiling(({ x }) => ({ y: tf.add(x, tf.tensor(['a']) as never) }))).code).toBe(
      'UNSUPPORTED_DTYPE',
    );
    expect((await compiling(({ x }) => ({ y: tf.real(tf.complex(x, x)) }))).code).toMatch(/UNSUPPORTED_/);
  });

  test('a missing gradient names the kernel, an unused input its name', async () => {
    const scatter: TensorFunction = ({ x }) => ({
      loss: tf.sum(tf.tensorScatterUpdate(x, tf.tensor2d([[0]], [1, 1], 'int32'), tf.ones([1, 3]))),
    });
    for (const engine of [onnx, cpu]) {
      const run = async () => (await engine.compile(scatter, X_GRADIENT)).run({ x: new Float32Array(6) });
      const error = await failure(run);
      expect(error.code).toBe('NO_GRADIENT');
      expect(error.message).toContain('TensorScatterUpdate');
    }
    const unused = await compiling(({ x }) => ({ loss: tf.sum(x) }), {
      inputs: { x: { shape: [2] }, w: { shape: [3] } },
      gradient: { of: 'loss', wrt: ['x', 'w'] },
    });
    expect(unused.code).toBe('NO_GRADIENT');
    expect(unused.message).toContain("'w'");
  });

  test('a trace inside a trace is refused', async () => {
    const { exportOnnx } = await import('../src/index.js');
    const error = await compiling(({ x }) => {
      exportOnnx((inner) => ({ y: inner.a }), { inputs: { a: { shape: [1] } } });
      return { y: x };
    });
    expect(error.code).toBe('NESTED_TRACE');
  });

  test('outputs must be tensors, given at once', async () => {
    expect((await compiling((async () => ({})) as never)).code).toBe('BAD_OUTPUT');
    expect((await compiling(() => ({}))).code).toBe('BAD_OUTPUT');
    expect((await compiling(() => ({ y: 3 }) as never)).code).toBe('BAD_OUTPUT');
    expect((await compiling((() => undefined) as never)).code).toBe('BAD_OUTPUT');
  });

  test("the function's own exception passes unchanged", async () => {
    await expect(
      onnx.compile(() => {
        throw new RangeError('mine');
      }, X_GRADIENT),
    ).rejects.toThrow(new RangeError('mine'));
  });

  test('the backend and the tensor count are as before, after every failure', async () => {
    const before = [tf.getBackend(), tf.memory().numTensors, tf.memory().numDataBuffers];
    await compiling(({ x }) => ({ y: tf.tensor(tf.exp(x).dataSync()) }));
    await compiling(({ x }) => ({ loss: tf.sum(tf.mul(tf.exp(x), tf.dropout(x, 0.5))) }), X_GRADIENT);
    await compiling(({ x }) => ({ loss: tf.scalar(tf.sum(tf.exp(x)).dataSync()[0]) }), X_GRADIENT);
    await compiling(({ x }) => ({ loss: tf.sum(tf.einsum('ij->j', tf.exp(x))) }), X_GRADIENT);
    expect([tf.getBackend(), tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
  });
});

describe('specifications', () => {
  const fn: TensorFunction = ({ x }) => ({ loss: tf.sum(x), y: tf.exp(x) });
  const bad: Record<string, CompileOptions> = {
    'a type': { inputs: { x: { shape: [1], dtype: 'float64' as never } } },
    'a negative size': { inputs: { x: { shape: [-1] } } },
    'a broken size': { inputs: { x: { shape: [1.5] } } },
    'no shape': { inputs: { x: {} as never } },
    'a symbolic size': { inputs: { x: { shape: ['batch'] } } },
    'a gradient by nothing': { ...X, gradient: { of: 'loss', wrt: [] } },
    'a gradient by an unknown input': { ...X, gradient: { of: 'loss', wrt: ['z'] } },
    'a gradient by integers': {
      inputs: { x: { shape: [2], dtype: 'int32' } },
      gradient: { of: 'loss', wrt: ['x'] },
    },
    'a gradient of an unknown output': { ...X, gradient: { of: 'z', wrt: ['x'] } },
    'a gradient of a matrix': { ...X, gradient: { of: 'y', wrt: ['x'] } },
  };
  for (const [what, options] of Object.entries(bad))
    test(`${what} is refused`, async () => {
      expect((await compiling(fn, options)).code).toBe('BAD_SPEC');
      const eager = async () => (await cpu.compile(fn, options)).run({ x: new Float32Array(6) });
      expect((await failure(eager)).code).toBe('BAD_SPEC');
    });
});

describe('engines', () => {
  test('unknown ones, and what is not installed', async () => {
    expect((await failure(() => createEngine({ kind: 'jax' as never }))).code).toBe('BAD_ENGINE');
    expect((await failure(() => createEngine({ kind: 'tfjs', backend: 'webgl' as never }))).code).toBe(
      'BAD_ENGINE',
    );
    expect((await failure(() => createEngine({ threads: -1 }))).code).toBe('BAD_ENGINE');
    const missing = await failure(() => createEngine({ kind: 'tfjs', backend: 'tfjs-node-gpu' }));
    expect(missing.code).toBe('BACKEND_NOT_INSTALLED');
    expect(missing.hint).toContain('npm install @tensorflow/tfjs-node-gpu');
  });

  test('a provider that is not here lists those that are', async () => {
    for (const name of ['nonsense', 'coreml'].slice(0, process.platform === 'darwin' ? 1 : 2)) {
      const error = await failure(() => createEngine({ executionProviders: [name, 'cpu'] }));
      expect(error.code).toBe('PROVIDER_UNAVAILABLE');
      expect(error.hint).toContain('cpu');
      expect(error.message).toContain(name);
    }
  });

  test('a file that is no model', async () => {
    expect((await failure(() => loadOnnx(Uint8Array.of(1, 2, 3)))).code).toBe('BAD_MODEL');
    expect((await failure(() => loadOnnx('/no/such/file.onnx'))).code).toBe('BAD_MODEL');
  });
});

describe('feeds', () => {
  for (const engine of [onnx, cpu])
    test(`are checked by the ${engine.kind} engine`, async () => {
      const f = await engine.compile(({ x, i }) => ({ y: tf.gather(x, i) }), {
        inputs: { x: { shape: [2, 3] }, i: { shape: [4], dtype: 'int32' } },
      });
      const x = new Float32Array(6);
      const i = new Int32Array(4);
      for (const [feeds, words] of [
        [{ x }, ["'i'", 'missing', '[4]']],
        [{ x, i, z: x }, ["'z'", 'x, i']],
        [{ x: new Float32Array(5), i }, ["'x'", '[2, 3]', '6', '5']],
        [{ x: i, i }, ["'x'", 'Float32Array', 'Int32Array']],
        [{ x, i: x }, ["'i'", 'Int32Array']],
        [{ x: [1, 2, 3, 4, 5, 6], i }, ["'x'", 'Array']],
        [{ x: new Float64Array(6), i }, ["'x'", 'Float64Array']],
      ] as const) {
        const error = await failure(() => f.run(feeds as never));
        expect(error.code).toBe('BAD_FEED');
        for (const word of words) expect(`${error.message} ${error.hint}`).toContain(word);
      }
      expect((await f.run({ x, i })).outputs.y).toHaveLength(12);
      await f.dispose();
      await f.dispose();
      expect((await failure(() => f.run({ x, i }))).code).toBe('DISPOSED');
    });
});

describe('random requests', () => {
  for (const engine of [onnx, cpu])
    test(`need an Rng on the ${engine.kind} engine`, async () => {
      const f = await engine.compile(
        ({ x }, random) => ({ y: tf.mul(x, random.dropoutMask([2, 3], 0.5)) }),
        X,
      );
      expect((await failure(() => f.run({ x: new Float32Array(6) }))).code).toBe('RNG_REQUIRED');
      expect((await f.run({ x: new Float32Array(6) }, new Rng(1))).outputs.y).toHaveLength(6);
      const bad = async (fn: TensorFunction) =>
        (await failure(async () => (await engine.compile(fn, X)).run({ x: new Float32Array(6) }, new Rng(1))))
          .code;
      expect(await bad((_, random) => ({ y: random.dropoutMask([2], 1) }))).toBe('BAD_RATE');
      expect(await bad((_, random) => ({ y: random.uniform([-2]) }))).toBe('BAD_SHAPE');
    });
});
