/**
 * "Did you mean": the candidate nearest to a mistyped name.
 */

/** Most candidates that are looked at. */
const maxCandidates = 2000;

/** Longest name that is compared. */
const maxSuggestedLength = 64;

/**
 * The candidate with the fewest edits (insert, delete, replace, swap of neighbours), case aside;
 * undefined if none is within a third of the name's length (at least 1, at most 3).
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > maxSuggestedLength) return undefined;
  const wanted = name.toLowerCase();
  let limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  let best: string | undefined;
  let looked = 0;
  for (const candidate of candidates) {
    if (++looked > maxCandidates) break;
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    // A letter left out is the commonest slip: of two that are as near, the longer one.
    const isLonger = best === undefined || candidate.length > best.length;
    if (distance > limit || (distance === limit && !isLonger)) continue;
    best = candidate;
    limit = distance;
    if (distance === 0) break;
  }
  return best;
}

/** Edits from a to b: O(length of a x length of b). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
