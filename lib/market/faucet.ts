import 'server-only'
import { type Address, createTestClient, createWalletClient, parseEther, publicActions } from 'viem'
import { localAccount } from '../chain/accounts'
import { testUsdAbi } from '../chain/generated'
import { httpWithGasMargin } from '../chain/http-with-gas-margin'
import { type Market, market } from './context/context'
import { HttpError } from './http/http-error'
import { localChainId } from './read/get-chain-config'

const faucetAccount = 9
let previous: Promise<unknown> = Promise.resolve()

/** On the local chain: fills up to 1 ETH for gas and sends 1,000 USDC. One call after the other, since each uses the next nonce. */
export async function faucet(account: Address): Promise<void> {
  const ctx = await market()
  const { chainId } = ctx.deployment
  if (chainId !== localChainId) throw new HttpError(404, 'market.no-faucet', { chainId })
  const sent = previous.then(() => send(ctx, account))
  previous = sent.catch(() => undefined)
  return sent
}

async function send({ env, deployment, client }: Market, account: Address): Promise<void> {
  const transport = httpWithGasMargin(env.rpcUrl)
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
