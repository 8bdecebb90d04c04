import { main } from '../bin/kinmark/main'

/** `kinmark serve` with this folder until `use` has ended. */
export async function served<T>(folder: string, use: (url: string) => Promise<T>): Promise<T> {
  const [stop, said] = [new AbortController(), Promise.withResolvers<string>()]
  const terminal = { out() {}, err: said.resolve, moving: false, signal: stop.signal }
  const ended = main(['serve', folder, '--port', '0', '--model', 'served'], terminal)
  try {
    return await use(`${/http:\S+\/v1/.exec(await said.promise)?.[0]}/completions`)
  } finally {
    stop.abort()
    await ended
  }
}

/** A host with these weights answers `count` ordinary prompts. Its answers have the log probabilities of 20 tokens and are JSON lines, as a gateway records them. */
export function recordedAnswers(folder: string, count: number): Promise<string> {
  return served(folder, async (url) => {
    const lines: string[] = []
    for (let seed = 0; seed < count; seed++) {
      const prompt = prompts[seed % prompts.length]
      const request = { model: 'served', prompt, max_tokens: 64, temperature: 1, seed, logprobs: 20 }
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) })
      lines.push(JSON.stringify({ request, response: await answer.json() }))
    }
    return lines.join('\n')
  })
}

const prompts = ['The', 'One day', 'It was', 'She said', 'In the morning', 'He had', 'They went', 'There was']
