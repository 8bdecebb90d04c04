import { openChatFrame } from '../../lib/fingerprint/keys/chat-frame'
import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import { askKeys, type VotesAndLogOdds, votesAndLogOdds } from '../../lib/fingerprint/verify'
import { inspectWebFiles } from '../../lib/inference/web/inspect-web-files'
import { openWebRuntime } from '../../lib/inference/web/open-web-runtime'
import { namedBytes } from '../../lib/inference/web/web-model'
import { openTokenizer } from '../../lib/weights/text/tokenizer'

/** Asks the chosen files' model every key in a page on WebAssembly, as the page /verify does. */
export async function run(keySet: OwnerKeySet): Promise<{ open: number; ask: number; given: VotesAndLogOdds }> {
  const started = performance.now()
  const chosen = document.querySelector('input')?.files ?? []
  const model = await inspectWebFiles(Array.from(chosen, (file) => ({ path: file.name, file })))
  const files = namedBytes(model.files)
  const tokenizer = await openTokenizer(files)
  const chat = await openChatFrame(files, tokenizer)
  const runtime = await openWebRuntime(model, { backend: 'wasm' })
  const opened = performance.now()
  const answers = await askKeys(runtime, keySet, { tokenizer, chat })
  const done = performance.now()
  await runtime.close()
  return {
    ...{ open: (opened - started) / 1000, ask: (done - opened) / 1000 },
    given: votesAndLogOdds(answers),
  }
}
