/**
 * Products of a query with four rows that follow one another, `stride` bytes each, a multiple of 32. A row's product is
 * summed in the same order as by `dot`, so that both give the same bits.
 */
export function fourDots(query: usize, row: usize, stride: usize): v128 {
  const row1 = row + stride;
  const row2 = row1 + stride;
  const row3 = row2 + stride;
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let i: usize = 0; i < stride; i += 32) {
    let q = v128.load(query + i);
    a0 = f32x4.add(a0, f32x4.mul(q, v128.load(row + i)));
    a1 = f32x4.add(a1, f32x4.mul(q, v128.load(row1 + i)));
    a2 = f32x4.add(a2, f32x4.mul(q, v128.load(row2 + i)));
    a3 = f32x4.add(a3, f32x4.mul(q, v128.load(row3 + i)));
    q = v128.load(query + i, 16);
    b0 = f32x4.add(b0, f32x4.mul(q, v128.load(row + i, 16)));
    b1 = f32x4.add(b1, f32x4.mul(q, v128.load(row1 + i, 16)));
    b2 = f32x4.add(b2, f32x4.mul(q, v128.load(row2 + i, 16)));
    b3 = f32x4.add(b3, f32x4.mul(q, v128.load(row3 + i, 16)));
  }
  a0 = f32x4.add(a0, b0);
  a1 = f32x4.add(a1, b1);
  a2 = f32x4.add(a2, b2);
  a3 = f32x4.add(a3, b3);
  // Turned over, so that lane r of the four is a part of row r.
  const low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7);
  return f32x4.add(
    f32x4.add(v128.shuffle<f64>(low01, low23, 0, 2), v128.shuffle<f64>(low01, low23, 1, 3)),
    f32x4.add(v128.shuffle<f64>(high01, high23, 0, 2), v128.shuffle<f64>(high01, high23, 1, 3)),
  );
}

/** The product of a query with one row. */
export function dot(query: usize, row: usize, stride: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  for (let i: usize = 0; i < stride; i += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(query + i), v128.load(row + i)));
    b = f32x4.add(b, f32x4.mul(v128.load(query + i, 16), v128.load(row + i, 16)));
  }
  a = f32x4.add(a, b);
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}
