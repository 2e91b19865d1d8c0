// Four floats at a time, and the one to three that are left at the end of a row.

/**
 * a b + sum, rounded twice: relaxed SIMD's one instruction is a seventh faster, but gives other numbers on
 * other machines.
 */
@inline
export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** The four floats at p, or its first `count` and zeros. */
@inline
export function load(p: usize, count: i32): v128 {
  return count >= 4 ? v128.load(p) : loadPart(p, count);
}

@inline
export function store(p: usize, values: v128, count: i32): void {
  if (count >= 4) v128.store(p, values);
  else storePart(p, values, count);
}

function loadPart(p: usize, count: i32): v128 {
  let values = v128.load32_zero(p);
  if (count > 1) values = v128.load32_lane(p, values, 1, 4);
  if (count > 2) values = v128.load32_lane(p, values, 2, 8);
  return values;
}

function storePart(p: usize, values: v128, count: i32): void {
  v128.store32_lane(p, values, 0);
  if (count > 1) v128.store32_lane(p, values, 1, 4);
  if (count > 2) v128.store32_lane(p, values, 2, 8);
}
