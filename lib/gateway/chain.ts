import { type Address, createPublicClient, getAddress, type Hex, type PublicClient } from 'viem'
import type { Deployment } from '../chain/deployment'
import { copyRegistryAbi, protocolAbi, usageLedgerAbi, userLedgerAbi } from '../chain/generated'
import { httpWithGasMargin } from '../chain/http-with-gas-margin'
import { copyStates } from '../chain/states'
import { KinmarkError } from '../error'
import { cached } from './cached'
import type { Reservation, ReservationReader, SessionKey } from './vouchers'

export type ServedCopy = {
  host: Address
  state: (typeof copyStates)[number]
  collateral: bigint
  escrow: bigint
  owed: bigint
  locked: bigint
  /** USDC of 6 decimals for a million units, which the host owes the model. */
  fee: bigint
  /** How many times the fee of a report is locked in the collateral. */
  lockFactor: bigint
  /** Names the copy’s keys and its answers. */
  fingerprintRoot: Hex
}

type KeyTerm = { from: bigint; until: bigint; cap: bigint }

export type HostChain = ReservationReader & {
  client: PublicClient
  deployment: Deployment
  copyId: bigint
  time(): Promise<bigint>
  epochLength(): Promise<bigint>
  copy(): Promise<ServedCopy>
  keyTerm(operator: Address): Promise<KeyTerm>
  /** The newest open deployment of the operator: its number and its price for a million units. */
  deploymentOf(operator: Address): Promise<{ number: number; price: bigint } | null>
}

const ages = { freshMs: 10_000, staleMs: 300_000 }

/** What a host and its users read of the chain. Throws `gateway.chain-differs` and `gateway.contract-missing`. */
export async function openHostChain(rpcUrl: string, deployment: Deployment, copyId: bigint): Promise<HostChain> {
  const client = createPublicClient({
    transport: httpWithGasMargin(rpcUrl, { retryCount: 2, timeout: 10_000 }),
    pollingInterval: 500,
  })
  const { contracts } = deployment
  const found = await client.getChainId()
  if (found !== deployment.chainId)
    throw new KinmarkError('gateway.chain-differs', { expected: deployment.chainId, found })
  for (const address of [contracts.usageLedger, contracts.userLedger, contracts.copyRegistry])
    if (!(await client.getCode({ address }))) throw new KinmarkError('gateway.contract-missing', { address })
  const usage = { address: contracts.usageLedger, abi: usageLedgerAbi } as const
  const users = { address: contracts.userLedger, abi: userLedgerAbi } as const
  const protocol = { address: contracts.protocol, abi: protocolAbi } as const

  const reservation = cached(async (user: string): Promise<Reservation> => {
    const args = [copyId, getAddress(user)] as const
    const { leavesAt, ...found } = await client.readContract({ ...users, functionName: 'reservations', args })
    return { ...found, leavesAt: BigInt(leavesAt) }
  }, ages)
  const sessionKey = cached(async (user: string, key: string): Promise<SessionKey> => {
    const args = [copyId, getAddress(user), getAddress(key)] as const
    return client.readContract({ ...users, functionName: 'sessionKeys', args })
  }, ages)

  return {
    client,
    deployment,
    copyId,
    reservation: (user, { fresh } = { fresh: false }) => reservation(fresh, user),
    sessionKey: (user, key, { fresh } = { fresh: false }) => sessionKey(fresh, user, key),
    time: () => client.readContract({ ...protocol, functionName: 'time' }),
    epochLength: () => client.readContract({ ...protocol, functionName: 'epochLength' }),
    async copy() {
      const registry = { address: contracts.copyRegistry, abi: copyRegistryAbi } as const
      const [served, copy, escrow, owed, locked, lockFactor] = await Promise.all([
        client.readContract({ ...registry, functionName: 'served', args: [copyId] }),
        client.readContract({ ...registry, functionName: 'copies', args: [copyId] }),
        client.readContract({ ...usage, functionName: 'escrows', args: [copyId] }),
        client.readContract({ ...usage, functionName: 'owed', args: [copyId] }),
        client.readContract({ ...usage, functionName: 'locked', args: [copyId] }),
        client.readContract({ ...protocol, functionName: 'feeCollateralFactor' }),
      ])
      const { host, collateral, fee } = served
      return {
        host,
        state: copyStates[copy.state],
        collateral: BigInt(collateral),
        fee: BigInt(fee),
        escrow: escrow.escrow,
        owed,
        locked,
        lockFactor: BigInt(lockFactor),
        fingerprintRoot: copy.fingerprintRoot,
      }
    },
    keyTerm: (operator) => client.readContract({ ...usage, functionName: 'keyTerms', args: [copyId, operator] }),
    async deploymentOf(operator) {
      const count = await client.readContract({ ...usage, functionName: 'deploymentCount', args: [copyId] })
      for (let number = count; number > 0; number--) {
        const found = await client.readContract({ ...usage, functionName: 'deployments', args: [copyId, number] })
        if (getAddress(found.operator) === getAddress(operator)) return { number, price: found.price }
      }
      return null
    },
  }
}
