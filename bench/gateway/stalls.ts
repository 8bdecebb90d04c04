import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { text } from 'node:stream/consumers'

/** A program that only looks at the clock, and prints when and for how many milliseconds it was stopped for more than `least`. */
const program = (ms: number, least: number) => `
  const begun = performance.now()
  const taken = []
  for (let last = begun; last < begun + ${ms}; ) {
    const now = performance.now()
    if (now - last > ${least}) taken.push([now - begun, now - last])
    last = now
  }
  console.log(JSON.stringify(taken))`

export type Stalls = { seconds: number; least: number; cores: number; count: number; longest: number; share: number }

/**
 * Runs such a program on every core at once, and tells how often the machine stopped one: `share` is the part of the cores’
 * time, `longest` is in milliseconds. The first half second, in which the programs start, does not count.
 */
export async function stalls(seconds = 5, least = 1): Promise<Stalls> {
  const cores = availableParallelism()
  const each = await Promise.all(
    Array.from({ length: cores }, async () => {
      const child = spawn(process.execPath, ['-e', program(1000 * seconds + 500, least)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [out] = await Promise.all([text(child.stdout), once(child, 'close')])
      return (JSON.parse(out) as [at: number, ms: number][]).flatMap(([at, ms]) => (at > 500 ? [ms] : []))
    }),
  )
  const all = each.flat()
  const sum = all.reduce((a, b) => a + b, 0)
  return {
    seconds,
    least,
    cores,
    count: all.length,
    longest: Math.max(0, ...all),
    share: sum / (1000 * seconds * cores),
  }
}
