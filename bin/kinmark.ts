import { KinmarkError } from '../lib/error'
import { main } from './kinmark/main'

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort(new KinmarkError('cli.interrupted')))

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  moving: process.stderr.isTTY,
  signal: interrupt.signal,
})
