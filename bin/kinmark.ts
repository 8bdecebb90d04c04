import { createInterface } from 'node:readline/promises'
import { KinmarkError } from '../lib/error'
import { main } from './kinmark/main'

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort(new KinmarkError('cli.interrupted')))

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question, { signal: interrupt.signal })
  } finally {
    lines.close()
  }
}

// A program of npm start does not outlive it.
const parent = Number(process.env.KINMARK_SUPERVISOR)
if (parent)
  setInterval(() => process.ppid === parent || interrupt.abort(new KinmarkError('cli.interrupted')), 1000).unref()

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  moving: process.stderr.isTTY,
  ask: process.stdin.isTTY ? ask : undefined,
  signal: interrupt.signal,
})
