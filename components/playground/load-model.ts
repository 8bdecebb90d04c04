import { copyFolder } from '@/components/copies/copy-folder'
import { fileUrl } from '@/components/copies/download-file'
import { storedFiles } from '@/lib/browser/opfs'
import { KinmarkError } from '@/lib/error'
import type { WebRuntime } from '@/lib/inference/web/open-web-runtime'
import type { WebBackend, WebFile } from '@/lib/inference/web/web-protocol'
import type { ChainConfig } from '@/lib/market/read/views'
import { blobBytes } from '@/lib/weights/bytes'
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
  const [{ openWebRuntime }, { openTokenizer }, { endTokens }] = await Promise.all([
    import('@/lib/inference/web/open-web-runtime'),
    import('@/lib/weights/text/tokenizer'),
    import('@/lib/weights/text/end-tokens'),
  ])
  const named = files.map(({ name, blob }) => ({ path: name, bytes: blobBytes(blob) }))
  const tokenizer = await openTokenizer(named)
  if (!tokenizer) throw new KinmarkError('playground.tokenizer-missing')
  const ends = await endTokens(named)
  const runtime = await openWebRuntime(files, {
    backend,
    generates: true,
    signal,
    onProgress: (done, total) => onProgress('Loading weights', done, total),
  })
  return { runtime, tokenizer, ends }
}

async function filesOf(source: Source, { chain, signal, onProgress }: OpenOptions): Promise<WebFile[]> {
  if (source.kind === 'folder') return source.files.map(({ path, file }) => ({ name: path, blob: file }))
  const onFetch = (done: number, total: number) => onProgress('Downloading files', done, total)
  if (source.kind === 'base') {
    const urlOf = (path: string) => `/api/models/${source.modelId}/files/${encodeURIComponent(path)}`
    return fetchFiles(runnableFiles(source.files), urlOf, signal, onFetch)
  }
  const { id, files } = source.copy
  const local = await storedFiles(copyFolder(chain, id), files)
  if (local) return local.map(({ path, file }) => ({ name: path, blob: file }))
  return fetchFiles(runnableFiles(files), (path) => fileUrl(id, path), signal, onFetch)
}
