import { TowerkitError } from '@towerkit/core';

import type { Node } from '../graph/graph.js';
import type { TensorFunction } from '../types.js';
import { currentOperation } from './context.js';
import { firstDifference } from './lockstep.js';
import type { Gradient } from './differentiate.js';
import { trace, type Trace, type TraceInput } from './trace.js';

const HINT =
  'A value drawn while tracing is frozen into the graph: use the `random` argument of the function.';

/**
 * Traces a function, and refuses one that draws random numbers by itself: it is traced twice, and must ask for
 * nothing from `Math.random` and give the same graph, constants and all.
 *
 * @param seen whether the same graph came of an earlier trace: the second one is then not needed
 */
export function traceTwice(
  fn: TensorFunction,
  inputs: readonly TraceInput[],
  gradient?: Gradient,
  seen: (first: Trace) => boolean = () => false,
): Trace {
  const callers: string[] = [];
  const again = () => trace(fn, inputs, gradient);
  const first = watchingMathRandom(callers, again);
  if (callers.length === 0 && seen(first)) return first;
  const second = watchingMathRandom(callers, again);
  const difference = firstDifference(first.graph, second.graph);
  if (difference) throw hostRandomness(difference, first);
  if (callers.length > 0)
    throw new TowerkitError('HOST_RANDOMNESS', `Math.random is called in ${callers[0]} while tracing`, {
      hint: HINT,
      details: { operation: callers[0] },
    });
  return first;
}

/** Notes in which operation `Math.random` is called; its values stay what they are. */
function watchingMathRandom<T>(callers: string[], body: () => T): T {
  const original = Math.random;
  Math.random = () => {
    callers.push(currentOperation());
    return original();
  };
  try {
    return body();
  } finally {
    Math.random = original;
  }
}

function hostRandomness(node: Node, { graph }: Trace): TowerkitError {
  if (node.op !== 'Constant' && node.op !== 'Fill')
    return new TowerkitError(
      'HOST_RANDOMNESS',
      `the function computes differently each time it is called, first in ${node.origin}`,
      { hint: HINT, details: { operation: node.origin } },
    );
  const consumer = graph.nodes.find(({ inputs }) => inputs.some((input) => input.node === node));
  const operation = consumer?.origin ?? node.origin;
  return new TowerkitError(
    'HOST_RANDOMNESS',
    operation === node.origin
      ? `a constant in ${operation} differs each time the function is called`
      : `a constant made in ${node.origin} and used in ${operation} differs each time the function is called`,
    { hint: HINT, details: { operation, madeIn: node.origin } },
  );
}
