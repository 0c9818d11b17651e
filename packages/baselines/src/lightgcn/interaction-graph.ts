import type { CsrMatrix } from '@towerkit/core';

/** A symmetric sparse matrix over users and items: the nodes of users first, then those of items. */
export interface InteractionGraph {
  readonly users: number;
  readonly nodes: number;
  /** Shape [nodes + 1]. */
  readonly indptr: Int32Array;
  /** Neighbors of each node, shape [2 * entries]. */
  readonly indices: Int32Array;
  /** 1 / sqrt(degree of the one end * degree of the other), same shape. */
  readonly values: Float32Array;
}

/** The symmetrically normalized adjacency of He et al. 2020 (equation 8) of distinct interactions. */
export function interactionGraph(interactions: CsrMatrix): InteractionGraph {
  const { rows: users, cols: items, entries } = interactions;
  const transpose = interactions.transpose();
  const nodes = users + items;
  const indptr = new Int32Array(nodes + 1);
  indptr.set(interactions.indptr);
  for (let item = 0; item <= items; item++) indptr[users + item] = entries + transpose.indptr[item];
  const indices = new Int32Array(2 * entries);
  for (let k = 0; k < entries; k++) indices[k] = users + interactions.indices[k];
  indices.set(transpose.indices, entries);
  const degree = (node: number) => indptr[node + 1] - indptr[node];
  const values = new Float32Array(2 * entries);
  for (let node = 0; node < nodes; node++)
    for (let k = indptr[node]; k < indptr[node + 1]; k++)
      values[k] = 1 / Math.sqrt(degree(node) * degree(indices[k]));
  return { users, nodes, indptr, indices, values };
}
