import { errorOfProblem } from '../../lib/problem'

/** What became of one kind of request. Times in milliseconds. */
type Kind = { ms: number[]; ours: Map<string, number>; foreign: Map<string, number> }

/** An answer that is one of our errors: expected under load, and told in a sentence. */
export class Told extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export type Tally = {
  /** Times `work`. An error of ours is counted and thrown on; anything else is counted as not ours, and thrown on too. */
  time<T>(kind: string, work: () => Promise<T>): Promise<T>
  rows(): Row[]
}

/** `foreign`: how often something failed with an error that is not one of ours, by its message. */
export type Row = {
  kind: string
  count: number
  p50: number
  p95: number
  p99: number
  ours: Record<string, number>
  foreign: Record<string, number>
}

/** `isCut`: whether an error is a connection that broke because a process was killed. */
export function openTally(isCut: (error: unknown) => boolean): Tally {
  const kinds = new Map<string, Kind>()
  const kindOf = (name: string): Kind => {
    const found = kinds.get(name) ?? { ms: [], ours: new Map(), foreign: new Map() }
    kinds.set(name, found)
    return found
  }
  return {
    async time(name, work) {
      const kind = kindOf(name)
      const startedAt = performance.now()
      try {
        const result = await work()
        kind.ms.push(performance.now() - startedAt)
        return result
      } catch (error) {
        if (error instanceof Told) add(kind.ours, error.code)
        else if (isCut(error)) add(kind.ours, 'cut by a kill')
        else add(kind.foreign, foreignName(error))
        throw error
      }
    },
    rows: () =>
      [...kinds].map(([kind, { ms, ours, foreign }]) => {
        const sorted = ms.sort((a, b) => a - b)
        const at = (part: number) => Math.round(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN)
        return {
          kind,
          count: sorted.length,
          p50: at(0.5),
          p95: at(0.95),
          p99: at(0.99),
          ours: Object.fromEntries(ours),
          foreign: Object.fromEntries(foreign),
        }
      }),
  }
}

/** The answer where it is good. Throws `Told` for one of our errors, except for a failure whose cause the server does not know. */
export async function good(response: Response): Promise<Response> {
  if (response.ok || response.status === 304) return response
  const text = await response.text()
  const { code, message } = errorOfProblem(parsed(text), response.status)
  if (!text.includes('"code"') || code === 'market.internal')
    throw new Error(`status ${response.status}: ${text.slice(0, 120)}`)
  throw new Told(code, message)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function foreignName(error: unknown): string {
  const { message, cause } = error as Error
  return `${message}${cause instanceof Error ? ` (${cause.message})` : ''}`.split('\n')[0].slice(0, 160)
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
