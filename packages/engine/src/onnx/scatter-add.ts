import type { Node } from '../graph/graph.js';
import type { Emitter } from './emitter.js';
import { ELEMENT_TYPE } from './proto.js';

/**
 * ONNX Runtime's CPU `ScatterND` with `reduction: add` lets several threads add to one row at once, and loses
 * updates (seen in 1.30 with two threads). It stays on one thread below about 210,000 elements, by its cost
 * model, so the rows are added in pieces well under that. It is still the quickest way: `ScatterElements`,
 * which is serial, is used only where the number of rows is not known, and takes five times as long.
 */
const PIECE = 100_000;

/** Adds rows [n, d] by their number [n] to [count, d]: to the third operand, or to zeros. */
export function scatterAdd(e: Emitter, node: Node): void {
  const [ids, rows, base] = node.inputs;
  const [count, size] = node.outputs[0].shape;
  const [total] = rows.shape;
  const zero = { name: '', type: rows.dtype, dims: [1], raw: new Uint8Array(4) };
  const start = base ? e.nameOf(base) : e.node('ConstantOfShape', [e.sizes([count, size])], { value: zero });
  const wide = e.node('Cast', [e.nameOf(ids)], { to: ELEMENT_TYPE.int64 });
  const column = e.node('Reshape', [wide, e.sizes([-1, 1])]);

  if (typeof total !== 'number' || typeof size !== 'number') {
    const everywhere = e.node('Expand', [column, e.sizes(rows.shape)]);
    const sums = e.node('ScatterElements', [start, everywhere, e.nameOf(rows)], {
      axis: 0,
      reduction: 'add',
    });
    e.bind(node.outputs[0], sums);
    return;
  }
  const perPiece = Math.max(1, Math.floor(PIECE / Math.max(1, size)));
  const pieces = Math.max(1, Math.ceil(total / perPiece));
  const sizes = Array.from({ length: pieces }, (_, i) => Math.min(perPiece, total - i * perPiece));
  const split = (name: string): string[] => {
    if (pieces === 1) return [name];
    const parts = sizes.map(() => e.fresh());
    e.nodeInto('Split', [name, e.sizes(sizes)], parts, { axis: 0 });
    return parts;
  };
  const columns = split(column);
  const sums = split(e.nameOf(rows)).reduce(
    (sum, part, i) => e.node('ScatterND', [sum, columns[i], part], { reduction: 'add' }),
    start,
  );
  e.bind(node.outputs[0], sums);
}
