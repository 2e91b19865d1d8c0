// Prefixes by an associative operation, in an order that many processors could share.

/**
 * The inclusive scan of n elements in place: element k becomes e_0 ∘ e_1 ∘ … ∘ e_k. Fewer than 2n
 * combinations in at most 2 log₂ n rounds, those of one round independent of each other (Brent and Kung 1982;
 * Blelloch 1990).
 *
 * @param combine replaces element `later` by `earlier` ∘ `later`, an associative operation
 * @returns how many rounds it took
 */
export function scan(n: number, combine: (earlier: number, later: number) => void): number {
  let rounds = 0;
  const round = (first: number, distance: number) => {
    if (first < n) rounds++;
    for (let later = first; later < n; later += 2 * distance) combine(later - distance, later);
  };
  let distance = 1;
  for (; distance < n; distance *= 2) round(2 * distance - 1, distance);
  for (distance /= 2; distance >= 1; distance /= 2) round(3 * distance - 1, distance);
  return rounds;
}
