import type { KernelFamily } from '../kernel.js';
import { activation } from './activation.js';
import { arithmetic } from './arithmetic.js';
import { comparison } from './comparison.js';
import { creation } from './creation.js';
import { indexing } from './indexing.js';
import { matmul } from './matmul.js';
import { normalization } from './normalization.js';
import { reduction } from './reduction.js';
import { shape } from './shape.js';
import { unary } from './unary.js';

/** Every tfjs kernel that can be traced. */
export const KERNELS: KernelFamily = {
  ...activation,
  ...arithmetic,
  ...comparison,
  ...creation,
  ...indexing,
  ...matmul,
  ...normalization,
  ...reduction,
  ...shape,
  ...unary,
};
