import { describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';

import { KERNELS } from '../src/trace/kernels/index.js';
import { reached } from './cases/parity.js';
import './cases/elementwise.js';
import './cases/indexing.js';
import './cases/losses.js';
import './cases/product.js';
import './cases/reduction.js';
import './cases/shape.js';
import './cases/towers.js';
import './cases/unary.js';

describe('coverage', () => {
  test('every kernel is one of tfjs', () => {
    const unknown = Object.keys(KERNELS).filter((name) => !tf.getKernel(name, 'cpu'));
    expect(unknown).toEqual([]);
  });

  test('the cases above reach every kernel that can be traced', () => {
    const never = Object.keys(KERNELS).filter((name) => !reached.has(name));
    expect(never).toEqual([]);
  });
});
