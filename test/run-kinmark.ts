import { main } from '../bin/kinmark/main'

/** Runs a command in this process; `output` is what it writes to both streams, in order. */
export async function runKinmark(...args: string[]) {
  const written = { stdout: '', stderr: '', output: '' }
  const take = (stream: 'stdout' | 'stderr') => (text: string) => {
    written[stream] += text
    written.output += text
  }
  const status = await main(args, { out: take('stdout'), err: take('stderr'), moving: false })
  return { status, ...written }
}
