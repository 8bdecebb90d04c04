import { readFileSync } from 'node:fs'
import { createWalletClient, type HDAccount, type PublicClient, publicActions } from 'viem'
import { localAccount } from '../../lib/chain/accounts'
import { type Deployment, parseDeployment } from '../../lib/chain/deployment'
import { httpWithGasMargin } from '../../lib/chain/http-with-gas-margin'
import type { Env } from '../../lib/env'

/** An account of the local chain that sends its own transactions. */
export type DemoWallet = {
  account: HDAccount
  client: Pick<PublicClient, 'readContract'>
  deployment: Deployment
  /** Sends a call and waits until it is included. */
  send(call: object): Promise<void>
}

export function demoWallet({ rpcUrl, deploymentFile }: Env, role: Parameters<typeof localAccount>[0]): DemoWallet {
  const account = localAccount(role)
  const client = createWalletClient({ account, transport: httpWithGasMargin(rpcUrl), pollingInterval: 50 }).extend(
    publicActions,
  )
  return {
    account,
    client: client as never,
    deployment: parseDeployment(readFileSync(deploymentFile, 'utf8'), deploymentFile),
    async send(call) {
      const hash = await client.writeContract({ ...call, chain: null } as Parameters<typeof client.writeContract>[0])
      await client.waitForTransactionReceipt({ hash })
    },
  }
}

/** The private key in hex, as key files hold it. */
export const keyText = (account: HDAccount): string => Buffer.from(account.getHdKey().privateKey ?? []).toString('hex')
