import type { KeptAnswer } from '../payer'

const mostBytes = 2 ** 26
const mostOfOne = 2 ** 20

/** Keeps the latest answers by their payments, for clients that lost them: 64 MiB in all, up to 1 MiB each. */
export function recentAnswers() {
  const answers = new Map<string, KeptAnswer>()
  let bytes = 0
  const drop = (name: string): void => {
    bytes -= answers.get(name)?.text.length ?? 0
    answers.delete(name)
  }
  return {
    get: (name: string): KeptAnswer | null => answers.get(name) ?? null,
    keep(name: string, answer: KeptAnswer): void {
      drop(name)
      if (answer.text.length > mostOfOne) return
      answers.set(name, answer)
      bytes += answer.text.length
      for (const oldest of answers.keys()) {
        if (bytes <= mostBytes) break
        drop(oldest)
      }
    },
  }
}
