import { expect, test } from '@jest/globals';

import { GraphBuilder } from '../src/graph/builder.js';
import { Emitter } from '../src/onnx/emitter.js';
import { emitNode } from '../src/onnx/operators.js';

/** The ONNX operators that a scatter of [total, width] is written with. */
function operators(total: number, width: number): Record<string, number> {
  const builder = new GraphBuilder();
  const ids = builder.add('Input', [], { name: 'ids', shape: [total], dtype: 'int32' });
  const rows = builder.add('Input', [], { name: 'rows', shape: [total, width], dtype: 'float32' });
  const { node } = builder.add('ScatterAdd', [ids, rows], { count: 9 });
  const emitter = new Emitter(new Set());
  emitter.bind(ids, 'ids');
  emitter.bind(rows, 'rows');
  emitNode(emitter, node);
  const counts: Record<string, number> = {};
  for (const { opType } of emitter.nodes) counts[opType] = (counts[opType] ?? 0) + 1;
  return counts;
}

test('rows are added in pieces that ONNX Runtime keeps on one thread', () => {
  expect(operators(1000, 64)).toMatchObject({ ScatterND: 1 });
  expect(operators(1000, 64).Split).toBeUndefined();
  expect(operators(5120, 64)).toMatchObject({ ScatterND: 4, Split: 2 });
  expect(operators(1563, 64)).toMatchObject({ ScatterND: 2 });
  expect(operators(100_000, 1)).toMatchObject({ ScatterND: 1 });
  expect(operators(100_001, 1)).toMatchObject({ ScatterND: 2 });
  expect(operators(3, 150_000)).toMatchObject({ ScatterND: 3 });
  expect(operators(3, 0)).toMatchObject({ ScatterND: 1 });
});
