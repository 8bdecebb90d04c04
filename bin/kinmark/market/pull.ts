import { setTimeout as wait } from 'node:timers/promises'
import { toHex } from 'viem'
import { z } from 'zod'
import { copyRegistryAbi } from '../../../lib/chain/generated'
import { parseCopyId } from '../../../lib/chain/ids'
import { KinmarkError } from '../../../lib/error'
import { formatBytes } from '../../../lib/format/sizes'
import { fileSchema } from '../../../lib/manifest/file-schema'
import { type FileEntry, manifestTree } from '../../../lib/manifest/manifest'
import { plainLine } from '../../../lib/manifest/plain-line'
import { errorOfFailure } from '../../../lib/minting/failure'
import { errorOfProblem } from '../../../lib/problem'
import { type CommandOptions, type CommandResult, integerOf, type Values } from '../options'
import { table } from '../table'
import { type MarketChain, openChain } from './chain'
import { download } from './download'
import { accountOf, chainPlace, member } from './login-file'
import type { Site } from './site'

const pollMs = 1000
const usualConnections = 4
const patience = 15

/** What the server says of a copy to its buyer. */
const copySchema = z.object({
  id: z.string(),
  model: z.object({ id: z.string(), name: z.string() }),
  buyer: z.string(),
  state: z.string(),
  artifactRoot: z.string().nullable(),
  progress: z.object({
    stage: z.string(),
    done: z.number().nullable(),
    queuePlace: z.number(),
    failure: z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()), final: z.boolean() }).nullable(),
  }),
  files: z.array(fileSchema),
})

/** Downloads a copy once it is delivered, and checks every file and the artifact root that is on the chain. */
export async function pull(
  copy: string,
  values: Values,
  { onProgress, say, signal }: CommandOptions,
): Promise<CommandResult> {
  const id = parseCopyId(copy)
  if (!id) throw new KinmarkError('cli.id-invalid', { what: 'copy', value: copy })
  const out = values.out ?? `copy-${id}`
  const connections = integerOf(values, 'parallel', { least: 1, most: 32 }) ?? usualConnections
  const visited = await member(values, signal)
  const { site } = visited
  const chain = await openChain(await chainPlace(visited), values)
  const { files, model } = await delivered(site, id, await accountOf(visited), { onProgress, signal })
  const artifactRoot = await assertRoot(chain, id, files)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const downloaded = await download({
    ...{ files, out, connections, say, repair: values.repair ?? false },
    fetchRange: (file, from, to) => fetchRange(site, id, file, { from, to }, signal),
    onProgress: (stage, done) => onProgress({ stage, step: `${files.length} files of copy ${id}`, done }),
  })
  const text = table([
    ['copy', `${id} of model ${model.id}: ${plainLine(model.name)}`],
    ['folder', out],
    ['files', `${files.length}, ${formatBytes(bytes)}: every SHA-256 is right`],
    ['downloaded', formatBytes(downloaded)],
    ['artifact root', `${artifactRoot}, as on the chain`],
  ])
  return { text, json: { copy: id, model: model.id, out, files, bytes, downloaded, artifactRoot }, yes: true }
}

/** Waits until the minter has delivered the copy. Throws `market.copy-…`, and why the minter gave up. */
async function delivered(
  site: Site,
  id: string,
  account: string,
  { onProgress, signal }: Pick<CommandOptions, 'onProgress' | 'signal'>,
) {
  for (let absent = 0; ; ) {
    const copy = await site.call(copySchema, 'GET', `/api/copies/${id}`)
    if (copy.buyer !== account) throw new KinmarkError('market.copy-not-yours', { copy: id })
    if (copy.files.length > 0) return copy
    const { stage, done, failure, queuePlace } = copy.progress
    if (failure?.final) throw errorOfFailure(failure)
    // The index may be a moment behind the minter.
    if (copy.state !== 'ordered' && ++absent > patience)
      throw new KinmarkError('cli.copy-gone', { copy: id, state: copy.state })
    const step = stage === 'queued' && queuePlace > 0 ? `${queuePlace} copies before this one` : `minter: ${stage}`
    onProgress({ stage: 'wait', step, done: done ?? 0 })
    await wait(pollMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

/** The artifact root of these files. Throws `download.root-mismatch` where the chain has another. */
async function assertRoot(
  { client, contracts }: MarketChain,
  id: string,
  files: readonly FileEntry[],
): Promise<string> {
  const root = toHex(manifestTree(files).root)
  const { artifactRoot: onChain } = await client.readContract({
    address: contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [BigInt(id)],
  })
  if (root !== onChain) throw new KinmarkError('download.root-mismatch', { root, onChain })
  return root
}

const pausesMs = [500, 1000, 2000, 4000, 8000]

/** Bytes of a file of a copy. A connection that breaks, and a server that fails, are asked again for half a minute. */
async function fetchRange(
  site: Site,
  id: string,
  file: FileEntry,
  { from, to }: { from: number; to: number },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetchOnce(site, id, file, { from, to })
    } catch (error) {
      signal?.throwIfAborted()
      if (tries === pausesMs.length || !mayPass(error)) throw error
      await wait(pausesMs[tries], undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
  }
}

const passing = ['cli.site-unreachable', 'download.size-mismatch', 'market.internal', 'market.rate-limited']
const mayPass = (error: unknown) =>
  !(error instanceof KinmarkError) || passing.includes(error.code) || error.code === 'browser.request-failed'

async function fetchOnce(
  site: Site,
  id: string,
  { path, sha256 }: FileEntry,
  { from, to }: { from: number; to: number },
): Promise<Uint8Array> {
  const headers = { range: `bytes=${from}-${to - 1}`, 'if-range': `"${sha256}"` }
  const response = await site.ask(`/api/v1/copies/${id}/files/${path}`, { headers })
  if (!response.ok) throw errorOfProblem(await response.json().catch(() => null), response.status)
  if (response.status !== 206) {
    await response.body?.cancel()
    throw new KinmarkError('download.resume-unsupported', { path })
  }
  const body = await response.arrayBuffer().catch((cause) => {
    throw new KinmarkError('cli.site-unreachable', { site: site.url, reason: 'the connection broke' }, { cause })
  })
  if (body.byteLength !== to - from)
    throw new KinmarkError('download.size-mismatch', { path, size: body.byteLength, expected: to - from })
  return new Uint8Array(body)
}
