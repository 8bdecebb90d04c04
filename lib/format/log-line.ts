import { z } from 'zod'

const schema = z.looseObject({
  level: z.string(),
  time: z.iso.datetime(),
  msg: z.string().default(''),
  err: z.object({ stack: z.string() }).optional(),
})

/** Fields of every line that say nothing on a terminal. */
const omitted = new Set(['level', 'time', 'msg', 'err', 'pid', 'hostname'])

/** One line of `log` as text, “09:30:00 warn The chain does not answer. url=…”, an error's stack below; other text stays as it is. */
export function readableLine(line: string): string {
  const entry = parseLogLine(line)
  if (!entry) return line.trimEnd()
  const fields = Object.entries(entry)
    .filter(([name]) => !omitted.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const stack = entry.err ? `\n${entry.err.stack}` : ''
  return `${entry.time.slice(11, 19)} ${entry.level} ${entry.msg}${fields.join('')}${stack}`
}

/** Null for text that `log` did not write. */
export function parseLogLine(line: string): z.infer<typeof schema> | null {
  if (!line.startsWith('{')) return null
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    return null
  }
}
