/** The chance that an interval holds the share. */
const confidence = 0.95

/**
 * The interval that holds the share of hits among `all` at a chance of at least 95 %, where a random sample of `asked` of
 * them had `hits`: every number of hits under which neither so few nor so many are rarer than 2.5 %. A sample of all leaves
 * one value.
 */
export function sampledShare(hits: number, asked: number, all: number): [low: number, high: number] {
  const rare = (1 - confidence) / 2
  const [least, most] = [hits, all - (asked - hits)]
  const low = firstWhere(least, most, (k) => chanceOfAtMost(asked - hits, asked, all - k, all) > rare)
  const high = firstWhere(least, most, (k) => k === most || chanceOfAtMost(hits, asked, k + 1, all) <= rare)
  return [low / all, high / all]
}

/** The first whole number from `from` to `to` at which `holds`, which holds for all above it, and at least for `to`. */
function firstWhere(from: number, to: number, holds: (k: number) => boolean): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Sums are divided by this before they would overflow. */
const large = 1e200

/** P(at most `hits` of `asked` are among the `marked` of `all`): hypergeometric. */
function chanceOfAtMost(hits: number, asked: number, marked: number, all: number): number {
  const fewest = Math.max(0, asked - (all - marked))
  if (hits < fewest) return 0
  let [term, sum, upTo] = [1, 0, 0]
  for (let x = fewest; x <= Math.min(asked, marked); x++) {
    sum += term
    if (x <= hits) upTo = sum
    if (term > large) {
      term /= large
      sum /= large
      upTo /= large
    }
    term *= ((marked - x) / (x + 1)) * ((asked - x) / (all - marked - asked + x + 1))
  }
  return upTo / sum
}
