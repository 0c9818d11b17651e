import { afterEach, expect, jest, test } from '@jest/globals';

const { WebAssembly: real } = globalThis;

afterEach(() => {
  globalThis.WebAssembly = real;
  jest.resetModules();
});

const freshRowTable = async () => (await import('../../src/index.js')).RowTable;

test.each([
  ['no WebAssembly', undefined],
  [
    'no SIMD',
    {
      Module: class {
        constructor() {
          throw new real.CompileError('invalid opcode 0xfd');
        }
      },
    },
  ],
  ['no address space left', { ...own(real), Memory: throwing(RangeError) }],
])('%s: tables are plain, and say so', async (_case, replacement) => {
  globalThis.WebAssembly = replacement as typeof WebAssembly;
  const RowTable = await freshRowTable();
  const table = RowTable.create(3, 2);
  expect(table.backend).toBe('plain');
  table.adam(Int32Array.of(1), 1, Float32Array.of(1, -1), { step: 1, learningRate: 0.5 });
  expect([...table.values].map((w) => Number(w.toFixed(6)))).toEqual([0, 0, -0.5, 0.5, 0, 0]);
  expect(() => RowTable.create(3, 2, { backend: 'wasm' })).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED' }),
  );
});

test('an ordinary runtime takes WebAssembly', async () => {
  expect((await freshRowTable()).create(3, 2).backend).toBe('wasm');
});

test('what is no lack of memory is not hidden', async () => {
  globalThis.WebAssembly = { ...own(real), Instance: throwing(TypeError) } as never;
  const RowTable = await freshRowTable();
  expect(() => RowTable.create(3, 2)).toThrow(TypeError);
});

/** The namespace's members, which are not enumerable. */
function own(namespace: typeof WebAssembly): Record<string, unknown> {
  return Object.fromEntries(
    Object.getOwnPropertyNames(namespace).map((name) => [name, namespace[name as keyof typeof WebAssembly]]),
  );
}

function throwing(kind: typeof RangeError | typeof TypeError): unknown {
  return function () {
    throw new kind('no');
  };
}
