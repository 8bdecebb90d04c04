import 'server-only'
import { HttpError } from './http-error'

/**
 * A request’s body as text. Reading stops at `limit` bytes, also where the length was not announced.
 * Throws `market.body-too-large`.
 */
export async function readLimited(request: Request, limit: number): Promise<string> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limit) throw new HttpError(413, 'market.body-too-large', { bytes: announced, limit })
  const reader = request.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > limit) {
      await reader.cancel()
      throw new HttpError(413, 'market.body-too-large', { bytes, limit })
    }
    text += decoder.decode(value, { stream: true })
  }
}
