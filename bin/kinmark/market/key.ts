import { resolve } from 'node:path'
import type { PrivateKeyAccount } from 'viem'
import { KinmarkError } from '../../../lib/error'
import { accountFromKey } from '../../../lib/gateway/send-once'
import { accountOf } from '../../../lib/metering/signer'
import { readKey } from '../chain-folder'
import type { Values } from '../options'
import type { Login } from './login-file'

export type Signer = { account: PrivateKeyAccount; keyFile: string | null }

/** The key of `--key-file`, of KINMARK_KEY, or of the login’s key file; null without any. Throws `cli.key-invalid` and `gateway.key-file-invalid`. */
export async function findSigner(values: Values, login: Login | null): Promise<Signer | null> {
  const text = process.env.KINMARK_KEY
  if (values['key-file'] === undefined && text) return { account: keyOf(text), keyFile: null }
  const given = values['key-file'] ?? login?.keyFile
  if (!given) return null
  const keyFile = resolve(given)
  return { account: accountFromKey(await readKey(keyFile)), keyFile }
}

function keyOf(text: string): PrivateKeyAccount {
  const [, hex] = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim()) ?? []
  const key = Buffer.from(hex ?? '', 'hex')
  if (key.length !== 32 || !accountOf(key)) throw new KinmarkError('cli.key-invalid', { variable: 'KINMARK_KEY' })
  return accountFromKey(key)
}

/** The key of the account that is logged in. Throws `cli.key-missing` and `cli.key-other-account`. */
export async function requireSigner(values: Values, login: Login | null): Promise<PrivateKeyAccount> {
  const signer = await findSigner(values, login)
  if (!signer) throw new KinmarkError('cli.key-missing')
  const { account } = signer
  if (login && login.account !== account.address)
    throw new KinmarkError('cli.key-other-account', { key: account.address, login: login.account })
  return account
}
