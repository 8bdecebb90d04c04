/**
 * The merges, first to last, by which BPE builds the same tokens as SentencePiece: that one always joins the neighbours
 * whose joint piece has the highest score. Every split of a piece into two pieces is a merge, ranked by the score.
 */
export function mergesOf(pieces: readonly string[], scores: readonly number[]): [string, string][] {
  const ids = new Map(pieces.map((piece, id) => [piece, id]))
  const merges: { left: string; right: string; id: number }[] = []
  for (const [id, piece] of pieces.entries()) {
    const letters = Array.from(piece)
    for (let at = 1, left = ''; at < letters.length; at++) {
      left += letters[at - 1]
      const right = piece.slice(left.length)
      if (ids.has(left) && ids.has(right)) merges.push({ left, right, id })
    }
  }
  const rank = ({ id }: { id: number }) => scores[id] ?? 0
  merges.sort((a, b) => rank(b) - rank(a) || a.id - b.id)
  return merges.map(({ left, right }) => [left, right])
}
