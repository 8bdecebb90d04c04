import { KinmarkError } from '../error'

/** A server-sent event. `head`: its other lines as they came, each with its end: names, ids, comments. */
export type SseEvent = { head: string; data: string }

/**
 * Reads server-sent events (WHATWG HTML, 9.2) as they come. What follows the last empty line is no event. Throws
 * `gateway.answer-too-large` beyond `maxBytes` of one event, and `gateway.upstream-format` for text that is not UTF-8.
 */
export function sseReader(maxBytes: number) {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let [head, data]: [string, string[]] = ['', []]
  let size = 0
  const take = (line: string): SseEvent | null => {
    if (line === '') {
      const event = { head, data: data.join('\n') }
      const empty = head === '' && data.length === 0
      ;[head, data, size] = ['', [], 0]
      return empty ? null : event
    }
    size += line.length
    if (size > maxBytes) throw new KinmarkError('gateway.answer-too-large', { maxBytes })
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
    else if (line !== 'data') head += `${line}\n`
    return null
  }
  const read = (text: string): SseEvent[] => {
    rest += text
    const events: SseEvent[] = []
    let from = 0
    for (let end = lineEnd(rest, from); end; end = lineEnd(rest, from)) {
      const event = take(rest.slice(from, end.at))
      if (event) events.push(event)
      from = end.next
    }
    rest = rest.slice(from)
    if (rest.length + size > maxBytes) throw new KinmarkError('gateway.answer-too-large', { maxBytes })
    return events
  }
  return {
    push: (chunk: Uint8Array): SseEvent[] => read(decode(decoder, chunk)),
    /** The event whose last line ends with the CR that came last. */
    end: (): SseEvent[] => (rest.endsWith('\r') ? read('\n') : []),
  }
}

/** Lines end with LF, CRLF or CR; a CR at the end of what is known may be either of the last two. */
function lineEnd(text: string, from: number): { at: number; next: number } | null {
  const line = text.indexOf('\n', from)
  const end = line < 0 ? text.length : line
  const carriage = text.lastIndexOf('\r', end) < from ? -1 : text.indexOf('\r', from)
  if (carriage >= 0 && carriage < end - 1) return { at: carriage, next: carriage + 1 }
  if (line < 0) return null
  return { at: carriage === line - 1 && carriage >= 0 ? carriage : line, next: line + 1 }
}

function decode(decoder: TextDecoder, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch (cause) {
    throw new KinmarkError('gateway.upstream-format', { reason: 'the answer is not UTF-8' }, { cause })
  }
}

/** An event as it is sent. */
export function sseText({ head, data }: SseEvent): string {
  if (data === '') return `${head}\n`
  return `${head}data: ${data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data}\n\n`
}
