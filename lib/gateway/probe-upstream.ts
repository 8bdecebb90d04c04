import { KinmarkError } from '../error'
import { isJson, objectsIn, textIn } from './formats/format'
import { sseReader } from './sse'
import { readText, type Upstream } from './upstream'

const maxBytes = 2 ** 20

/** Asks an upstream what it serves, and whether it counts tokens with each event of a stream. Throws `gateway.upstream-*`. */
export async function probeUpstream(
  upstream: Upstream,
  url: URL,
): Promise<{ models: string[]; countsEachEvent: boolean }> {
  const { status, body } = await upstream.ask('GET', '/v1/models', {})
  const text = await readText(body, maxBytes)
  if (status !== 200) throw new KinmarkError('gateway.upstream-status', { status })
  const models = objectsIn(dataOf(text))
    .map(({ id }) => textIn(id))
    .filter(Boolean)
  if (models.length === 0) throw new KinmarkError('gateway.upstream-no-models', { url: url.href })
  return { models, countsEachEvent: await countsEachEvent(upstream, models[0]) }
}

function dataOf(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return isJson(json) ? json.data : null
  } catch {
    return null
  }
}

/** As vLLM and SGLang do with `continuous_usage_stats`. */
async function countsEachEvent(upstream: Upstream, model: string): Promise<boolean> {
  const body = JSON.stringify({
    ...{ model, prompt: 'Once', max_tokens: 3, temperature: 0, stream: true },
    stream_options: { include_usage: true, continuous_usage_stats: true },
  })
  const answer = await upstream.ask('POST', '/v1/completions', { body })
  const text = await readText(answer.body, maxBytes)
  if (answer.status !== 200) return false
  const events = sseReader(maxBytes).push(Buffer.from(text))
  return events.some(({ data }) => {
    if (data === '' || data === '[DONE]') return false
    const json: unknown = JSON.parse(data)
    return isJson(json) && objectsIn(json.choices).length > 0 && isJson(json.usage)
  })
}
