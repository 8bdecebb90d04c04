import { copyFolder } from '@/components/copies/copy-folder'
import { fileUrl } from '@/components/copies/download-file'
import { storedFiles } from '@/lib/browser/opfs'
import { KinmarkError } from '@/lib/error'
import type { WebRuntime } from '@/lib/inference/web/open-web-runtime'
import { namedBytes, type WebFile } from '@/lib/inference/web/web-model'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import type { ChainConfig } from '@/lib/market/read/views'
import { fetchFiles } from './fetch-files'
import type { LoadedModel } from './generate-text'
import { runnableFiles, type Source } from './source'

export type LoadedWebModel = LoadedModel & { runtime: WebRuntime }

type OpenOptions = {
  backend: WebBackend
  chain: ChainConfig
  signal: AbortSignal
  /** `done` and `total` are bytes of the current step. */
  onProgress: (step: string, done: number, total: number) => void
}

/**
 * Downloads the weights where needed and opens them. The engine's code is loaded with the first model.
 * Throws `playground.tokenizer-missing`.
 */
export async function loadModel(source: Source, options: OpenOptions): Promise<LoadedWebModel> {
  const { backend, signal, onProgress } = options
  const files = await filesOf(source, options)
  const [{ openWebRuntime }, { inspectWebFiles }, { openTokenizer }, { endTokens }] = await Promise.all([
    import('@/lib/inference/web/open-web-runtime'),
    import('@/lib/inference/web/inspect-web-files'),
    import('@/lib/weights/text/tokenizer'),
    import('@/lib/weights/text/end-tokens'),
  ])
  const named = namedBytes(files)
  const tokenizer = await openTokenizer(named)
  if (!tokenizer) throw new KinmarkError('playground.tokenizer-missing')
  const ends = await endTokens(named)
  const webModel = source.kind === 'folder' ? source : await inspectWebFiles(files)
  const runtime = await openWebRuntime(webModel, {
    backend,
    generates: true,
    signal,
    onProgress: (done, total) => onProgress('Loading weights', done, total),
  })
  return { runtime, tokenizer, ends }
}

async function filesOf(source: Source, { chain, signal, onProgress }: OpenOptions): Promise<readonly WebFile[]> {
  if (source.kind === 'folder') return source.files
  const onFetch = (done: number, total: number) => onProgress('Downloading files', done, total)
  if (source.kind !== 'copy') {
    const urlOf = (path: string) => `/api/models/${source.modelId}/files/${encodeURIComponent(path)}`
    return fetchFiles(runnableFiles(source.files), urlOf, signal, onFetch)
  }
  const { id, files } = source.copy
  const local = await storedFiles(copyFolder(chain, id), files)
  if (local) return local
  return fetchFiles(runnableFiles(files), (path) => fileUrl(id, path), signal, onFetch)
}
