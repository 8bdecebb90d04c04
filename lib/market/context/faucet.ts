import 'server-only'
import { type Address, createTestClient, createWalletClient, http, parseEther, publicActions } from 'viem'
import { localAccount } from '../../chain/accounts'
import { testUsdAbi } from '../../chain/generated'
import { HttpError } from '../http/http-error'
import { localChainId } from '../read/get-chain-config'
import { type Market, market } from './context'

const faucetAccount = 9
let last: Promise<unknown> = Promise.resolve()

/** Play money on the local chain: 1 ETH for gas if there is less, and 1,000 USDC. One at a time, for the sake of the nonce. */
export async function faucet(account: Address): Promise<void> {
  const ctx = await market()
  if (ctx.deployment.chainId !== localChainId)
    throw new HttpError(404, `There is no faucet on chain ${ctx.deployment.chainId}.`)
  const mine = last.then(() => send(ctx, account))
  last = mine.catch(() => undefined)
  return mine
}

async function send({ env, deployment, client }: Market, account: Address): Promise<void> {
  const transport = http(env.rpcUrl)
  if ((await client.getBalance({ address: account })) < parseEther('1'))
    await createTestClient({ mode: 'anvil', transport }).setBalance({ address: account, value: parseEther('1') })
  const wallet = createWalletClient({ account: localAccount(faucetAccount), transport, pollingInterval: 50 })
  const hash = await wallet.writeContract({
    address: deployment.contracts.usd,
    abi: testUsdAbi,
    functionName: 'faucet',
    args: [account, 1_000_000_000n],
    chain: null,
  })
  await wallet.extend(publicActions).waitForTransactionReceipt({ hash })
}
