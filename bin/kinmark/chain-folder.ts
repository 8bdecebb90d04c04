import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseDeployment } from '../../lib/chain/deployment'
import { parseCopyId } from '../../lib/chain/ids'
import { KinmarkError } from '../../lib/error'
import { type HostChain, openHostChain } from '../../lib/gateway/chain'
import { accountOf } from '../../lib/metering/signer'
import { required, type Values } from './options'

/** The copy that `--copy` names, its deployment, and the folder of its gateway. */
export async function copyOf(values: Values) {
  const text = required(values, 'copy')
  const copyId = parseCopyId(text)
  if (!copyId)
    throw new KinmarkError('gateway.option-invalid', { option: 'copy', value: text, expected: 'the number of a copy' })
  const file = values.deployment ?? process.env.KINMARK_DEPLOYMENT ?? join(dataOf(values), 'deployment.json')
  const json = await readFile(file, 'utf8').catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  const deployment = parseDeployment(json, file)
  return {
    copyId: BigInt(copyId),
    deployment,
    folder: join(dataOf(values), 'gateway', `${deployment.chainId}-${copyId}`),
  }
}

/** The copy that `--copy` names, on the chain that `--rpc` and `--deployment` name. */
export async function openChainOf(values: Values): Promise<HostChain> {
  const { copyId, deployment } = await copyOf(values)
  const rpcUrl = values.rpc ?? process.env.KINMARK_RPC_URL ?? 'http://127.0.0.1:8545'
  return openHostChain(rpcUrl, deployment, copyId)
}

export const dataOf = (values: Values): string => values.data ?? process.env.KINMARK_DATA ?? 'data'

/** The private key in a file, 32 bytes in hex. Throws `gateway.key-file-invalid`. */
export async function readKey(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  const [, hex] = /^(?:0x)?([0-9a-fA-F]{64})\s*$/.exec(text) ?? []
  const key = Buffer.from(hex ?? '', 'hex')
  if (key.length !== 32 || !accountOf(key)) throw new KinmarkError('gateway.key-file-invalid', { file })
  return key
}

/** The private key in a file that only its owner can read; a new one where there is none. */
export async function keptKey(file: string): Promise<Uint8Array> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  for (;;) {
    const text = `${randomBytes(32).toString('hex')}\n`
    const made = await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    if (!made || accountOf(Buffer.from(text.trim(), 'hex'))) return readKey(file)
  }
}
