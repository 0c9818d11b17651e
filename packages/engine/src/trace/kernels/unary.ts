import { sizesOf, type Kernel, type KernelFamily } from '../kernel.js';

/** Functions whose result is a float whatever they are given. */
const float =
  (op: string): Kernel =>
  (g, { x }) =>
    g.add(op, [g.cast(x, 'float32')]);

/** Functions that keep the element type; ONNX has some of them for floats only, where integers stay as they are. */
const keeping =
  (op: string, integers: 'computed' | 'unchanged'): Kernel =>
  (g, { x }) => {
    if (x.dtype === 'float32') return g.add(op, [x]);
    if (integers === 'unchanged') return x;
    const computed = g.add(op, [g.cast(x, 'int32')]);
    return g.cast(computed, x.dtype);
  };

export const unary: KernelFamily = {
  Abs: keeping('Abs', 'computed'),
  Neg: keeping('Neg', 'computed'),
  Sign: keeping('Sign', 'computed'),
  Ceil: keeping('Ceil', 'unchanged'),
  Floor: keeping('Floor', 'unchanged'),
  Round: keeping('Round', 'unchanged'),
  Square: (g, { x }) => g.add('Mul', [x, x]),
  Exp: float('Exp'),
  Log: float('Log'),
  Sqrt: float('Sqrt'),
  Rsqrt: (g, { x }) => g.add('Reciprocal', [g.add('Sqrt', [g.cast(x, 'float32')])]),
  Reciprocal: float('Reciprocal'),
  Sin: float('Sin'),
  Cos: float('Cos'),
  Tan: float('Tan'),
  Asin: float('Asin'),
  Acos: float('Acos'),
  Atan: float('Atan'),
  Sinh: float('Sinh'),
  Cosh: float('Cosh'),
  Asinh: float('Asinh'),
  Acosh: float('Acosh'),
  Atanh: float('Atanh'),
  Erf: float('Erf'),
  /** exp(x) - 1 = tanh(x/2) (exp(x) + 1), which keeps its digits near 0. */
  Expm1: (g, inputs) => {
    const x = g.cast(inputs.x, 'float32');
    const half = g.add('Tanh', [g.add('Mul', [x, g.scalar(0.5, 'float32')])]);
    return g.add('Mul', [half, g.add('Add', [g.add('Exp', [x]), g.scalar(1, 'float32')])]);
  },
  /** log(u) x / (u - 1) with u the rounded 1 + x (Kahan), which keeps its digits near 0. */
  Log1p: (g, inputs) => {
    const x = g.cast(inputs.x, 'float32');
    const one = g.scalar(1, 'float32');
    const u = g.add('Add', [x, one]);
    const correction = g.add('Div', [x, g.add('Sub', [u, one])]);
    const isOne = g.add('Equal', [u, one]);
    const isInfinite = g.add('IsInf', [u]);
    const factor = g.add('Where', [g.add('Or', [isOne, isInfinite]), one, correction]);
    return g.add('Where', [isOne, x, g.add('Mul', [g.add('Log', [u]), factor])]);
  },
  Identity: (_, { x }) => x,
  Cast: (g, { x }, { dtype }) => {
    // a cast of a float to an integer truncates in both; a cast to bool is "not zero" in both
    return g.cast(x, dtype);
  },
  ZerosLike: (g, { x }) => g.fill(0, sizesOf(x), x.dtype),
  OnesLike: (g, { x }) => g.fill(1, sizesOf(x), x.dtype),
};
