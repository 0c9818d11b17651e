import type { Attribute, Graph, Node } from '../graph/graph.js';

/** The first node of `a` that `b` does not repeat exactly; `undefined` where the graphs are the same. */
export function firstDifference(a: Graph, b: Graph): Node | undefined {
  const place = placesOf(b);
  const mine = placesOf(a);
  const count = Math.min(a.nodes.length, b.nodes.length);
  for (let i = 0; i < count; i++) {
    const [left, right] = [a.nodes[i], b.nodes[i]];
    if (!sameOperation(left, mine, right, place)) return left;
    for (const [name, value] of Object.entries(left.attributes))
      if (!sameAttribute(value, right.attributes[name])) return left;
  }
  if (a.nodes.length !== b.nodes.length) return (a.nodes[count] ?? b.nodes[count]) as Node;
  const outputs = a.outputs.findIndex(
    ({ name, value }, i) =>
      name !== b.outputs[i]?.name || mine.get(value.node) !== place.get(b.outputs[i].value.node),
  );
  return outputs < 0 ? undefined : a.outputs[outputs].value.node;
}

/** The number of each node in its graph. */
export const placesOf = ({ nodes }: Graph): Map<Node, number> => new Map(nodes.map((node, i) => [node, i]));

/** Whether two nodes of graphs walked in lockstep do the same to the same operands, attributes aside. */
export function sameOperation(
  a: Node,
  placeA: ReadonlyMap<Node, number>,
  b: Node,
  placeB: ReadonlyMap<Node, number>,
): boolean {
  return (
    a.op === b.op &&
    a.inputs.length === b.inputs.length &&
    a.inputs.every(
      (input, i) =>
        input.index === b.inputs[i].index && placeA.get(input.node) === placeB.get(b.inputs[i].node),
    )
  );
}

/** Equality of attributes, by value; a NaN equals itself. */
export function sameAttribute(a: Attribute, b: Attribute): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !('length' in a) || !('length' in b))
    return Object.is(a, b);
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
