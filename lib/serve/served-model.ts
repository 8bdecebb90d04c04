import { KinmarkError } from '../error'
import { folderFiles } from '../inference/node/folder'
import { type NodeRuntime, openNodeRuntime } from '../inference/node/open-node-runtime'
import { keepsKeys } from '../inference/row'
import { inspectWeights } from '../weights/inspect-weights'
import { type ChatTemplate, openChatTemplate } from '../weights/text/chat-template'
import { endTokens } from '../weights/text/end-tokens'
import { openTokenizer, type TextTokenizer } from '../weights/text/tokenizer'
import { type PrefixCache, prefixCache } from './prefix-cache'

/** A model that is ready to answer. */
export type ServedModel = {
  /** Its name in requests. */
  name: string
  runtime: NodeRuntime
  tokenizer: TextTokenizer
  /** Null for a model that only continues text. */
  template: ChatTemplate | null
  /** Tokens that end a text. */
  ends: ReadonlySet<number>
  /** Null where a prompt's keys depend on its length, so that it is computed at once and its beginning not kept. */
  cache: PrefixCache | null
}

const cacheBytes = 2 ** 28

/** Opens a folder for serving. Throws `weights.*`, `inference.*` and `serve.tokenizer-missing`. */
export async function openServedModel(
  folder: string,
  name: string,
  options: { threads?: number } = {},
): Promise<ServedModel> {
  const files = await folderFiles(folder)
  const tokenizer = await openTokenizer(files)
  if (!tokenizer) throw new KinmarkError('serve.tokenizer-missing', { folder })
  const [template, ends, { config }] = await Promise.all([
    openChatTemplate(files),
    endTokens(files),
    inspectWeights(files),
  ])
  const cache = keepsKeys(config) ? prefixCache(config, cacheBytes) : null
  return { name, runtime: await openNodeRuntime(folder, options), tokenizer, template, ends, cache }
}
