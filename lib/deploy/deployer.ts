import {
  type Account,
  type Address,
  concatHex,
  createWalletClient,
  encodeDeployData,
  getContractAddress,
  type Hex,
  http,
  publicActions,
} from 'viem'
import { deployerAbi } from '../chain/generated'
import { LegacyError } from '../error'
import { type Build, bytecodeOf } from './bytecode'

/** The deterministic deployment proxy, at the same address on nearly every chain (and on anvil). */
const create2Proxy: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

export function connect(rpcUrl: string, account: Account) {
  return createWalletClient({ account, transport: http(rpcUrl), pollingInterval: 50 }).extend(publicActions)
}

export type Connection = ReturnType<typeof connect>

/** Waits for a transaction of a deployment. */
export async function included(client: Connection, what: string, hash: Hex): Promise<void> {
  const { status } = await client.waitForTransactionReceipt({ hash })
  if (status === 'reverted') throw new LegacyError(`${what} failed on the chain: ${hash}.`)
}

/** The deployer contract of an owner and a salt: found where it is, created by CREATE2 where it is not yet. */
export async function openDeployer(client: Connection, salt: Hex, build: Build): Promise<Address> {
  const args = [client.account.address] as const
  const code = encodeDeployData({ abi: deployerAbi, bytecode: bytecodeOf('Deployer', build), args })
  const address = getContractAddress({ opcode: 'CREATE2', from: create2Proxy, salt, bytecode: code })
  if (await client.getCode({ address })) return address
  if (!(await client.getCode({ address: create2Proxy })))
    throw new LegacyError(
      `This chain has no deterministic deployment proxy at ${create2Proxy}: put it there first (github.com/Arachnid/deterministic-deployment-proxy).`,
    )
  const data = concatHex([salt, code])
  await included(client, 'Creating the deployer', await client.sendTransaction({ to: create2Proxy, data, chain: null }))
  return address
}

/** Where the deployer's `index`-th contract (from 0) is, created or not. */
export function addressAt(deployer: Address, index: number): Address {
  return getContractAddress({ from: deployer, nonce: BigInt(index + 1) })
}

/** How many contracts the deployer has created: a deployment that was cut off goes on there. */
export async function createdBy(client: Connection, deployer: Address): Promise<number> {
  return (await client.getTransactionCount({ address: deployer })) - 1
}

/** Creates the deployer's next contract. */
export async function create(client: Connection, deployer: Address, name: string, code: Hex): Promise<void> {
  const call = { address: deployer, abi: deployerAbi, functionName: 'create', args: [code] } as const
  await included(client, `Creating ${name}`, await client.writeContract({ ...call, chain: null }))
}
