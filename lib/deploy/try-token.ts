import 'server-only'
import {
  type Address,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  erc20Abi,
  getContractAddress,
  maxUint256,
  zeroHash,
} from 'viem'
import { chainError } from '../chain/chain-error'
import { tokenTrialAbi } from '../chain/generated'
import { type Permit, permitOf, permitTypedData, readPermitState } from '../chain/permit'
import { KinmarkError } from '../error'
import { type Build, bytecodeOf } from './bytecode'
import type { Connection } from './deployer'

/** What the trial moves: 1.00 of the token. */
const amount = 1_000_000n
const days = 30

/**
 * Tries a token before anything is deployed that is paid with it. Nothing is sent: one simulated call pulls 1.00 from the
 * client’s account with a permit and passes it on in pieces (`TokenTrial`), and another looks at its balance a month later.
 * Throws what is odd about the token: an error of `ITokenTrial` as `contract.…`, or `deploy.token-balance-drifts`.
 */
export async function tryToken(client: Connection, usd: Address, build: Build): Promise<void> {
  const { address } = client.account
  const nonce = await client.getTransactionCount({ address })
  const spender = getContractAddress({ from: address, nonce: BigInt(nonce) })
  const args = [usd, address, await signPermit(client, usd, spender)] as const
  const data = encodeDeployData({ abi: tokenTrialAbi, bytecode: bytecodeOf('TokenTrial', build), args })
  try {
    await client.call({ data })
  } catch (error) {
    throw chainError(error)
  }
  const { timestamp } = await client.getBlock()
  const [before, after] = await Promise.all(
    [0, days].map((later) => balanceAt(client, usd, timestamp + BigInt(later) * 86_400n)),
  )
  if (before !== after) throw new KinmarkError('deploy.token-balance-drifts', { token: usd, days, before, after })
}

/** Without a signature where the token tells nothing to sign: the trial then says what is missing. */
async function signPermit(client: Connection, usd: Address, spender: Address): Promise<Permit> {
  const owner = client.account.address
  const state = await readPermitState(client, usd, owner).catch(() => null)
  if (!state) return { value: amount, deadline: maxUint256, v: 27, r: zeroHash, s: zeroHash }
  return permitOf(await client.signTypedData(permitTypedData(state, { owner, spender, value: amount })), amount)
}

/** The account’s balance, should the next block be made at `time`. */
async function balanceAt(client: Connection, usd: Address, time: bigint): Promise<bigint> {
  const call = { abi: erc20Abi, functionName: 'balanceOf' } as const
  const data = encodeFunctionData({ ...call, args: [client.account.address] })
  const { data: answer } = await client.call({ to: usd, data, blockOverrides: { time } })
  return decodeFunctionResult({ ...call, data: answer ?? '0x' })
}
