import { type Address, createPublicClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { chainError } from '@/lib/chain/chain-error'
import { protocolAbi, testUsdAbi, usageLedgerAbi, userLedgerAbi } from '@/lib/chain/generated'
import type { ChainConfig } from '@/lib/market/read/views'
import { ensureSession, type SessionPlace } from './stored-session'

/** What the chain says of a user’s money for one host. Amounts in USDC of 6 decimals, times in protocol time. */
export type ChatMoney = {
  /** The session key’s address. */
  key: Address
  /** Whether the key may pay now. */
  open: boolean
  /** What the key may promise in all, with what was settled already. */
  most: bigint
  reserved: bigint
  settled: bigint
  /** When the reservation may leave, once it was asked for; null else. */
  leavesAt: number | null
  /** What is deposited and not reserved. */
  balance: bigint
  /** What is in the wallet. */
  usdc: bigint
  eth: bigint
  time: bigint
}

const clientOf = ({ rpcUrl }: Pick<ChainConfig, 'rpcUrl'>) => createPublicClient({ transport: http(rpcUrl) })

/** Throws `chain.*`. */
export async function readMoney(chain: ChainConfig, place: SessionPlace): Promise<ChatMoney> {
  const client = clientOf(chain)
  const { userLedger, usd, protocol } = chain.contracts
  const { user } = place
  const copyId = BigInt(place.copyId)
  const key = privateKeyToAccount(ensureSession(place).key).address
  const users = { address: userLedger, abi: userLedgerAbi } as const
  try {
    const [reservation, named, balance, usdc, eth, time] = await Promise.all([
      client.readContract({ ...users, functionName: 'reservations', args: [copyId, user] }),
      client.readContract({ ...users, functionName: 'sessionKeys', args: [copyId, user, key] }),
      client.readContract({ ...users, functionName: 'balanceOf', args: [user] }),
      client.readContract({ address: usd, abi: testUsdAbi, functionName: 'balanceOf', args: [user] }),
      client.getBalance({ address: user }),
      client.readContract({ address: protocol, abi: protocolAbi, functionName: 'time', blockTag: 'pending' }),
    ])
    const all = reservation.amount + reservation.settledAmount
    const isNamed = named.expiresAt > time && named.number === reservation.number
    return {
      ...{ key, balance, usdc, eth, time, reserved: reservation.amount, settled: reservation.settledAmount },
      open: isNamed && reservation.amount > 0n && reservation.leavesAt === 0,
      most: all < named.maxAmount ? all : named.maxAmount,
      leavesAt: reservation.leavesAt === 0 ? null : reservation.leavesAt,
    }
  } catch (error) {
    throw chainError(error)
  }
}

/** Whether a key may sign receipts of a copy in an epoch. */
export async function maySign(chain: ChainConfig, copyId: string, operator: Address, epoch: bigint): Promise<boolean> {
  const { usageLedger: address } = chain.contracts
  const args = [BigInt(copyId), operator] as const
  const { from, until } = await clientOf(chain).readContract({
    ...{ address, abi: usageLedgerAbi, functionName: 'keyTerms', args },
  })
  return until !== 0n && from <= epoch && epoch <= until
}
