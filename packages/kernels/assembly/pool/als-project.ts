import { times } from './als-triangle';

/** Rows of a block. */
const ROWS: i32 = 64;

/**
 * out = x times what `alsWhiten` packed, by blocks of 64 rows. `part`: 1 for `forward`, of which column j needs the first
 * j + 1 values of x alone; 2 for `back`, which needs those from j on; 0 for a matrix without zeros.
 */
export function alsProject(
  block: i32,
  scratch: usize,
  rows: i32,
  width: i32,
  x: usize,
  packed: usize,
  part: i32,
  out: usize,
): void {
  const offset = (<usize>(block * ROWS * width)) << 2;
  times(x + offset, min(ROWS, rows - block * ROWS), width, packed, part, out + offset);
}
