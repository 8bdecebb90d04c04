import 'server-only'
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
import { KinmarkError } from '../error'
import { type Build, bytecodeOf } from './bytecode'

/** The deterministic deployment proxy, at the same address on nearly every chain (and on anvil). */
const create2Proxy: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

export function connect(rpcUrl: string, account: Account) {
  return createWalletClient({ account, transport: http(rpcUrl), pollingInterval: 50 }).extend(publicActions)
}

export type Connection = ReturnType<typeof connect>

/** Waits until a transaction is in a block. Throws `deploy.reverted`. `step` is the contract and function it calls. */
export async function waitForSuccess(
  client: Connection,
  step: { contract: string; call: string },
  hash: Hex,
): Promise<void> {
  const { status } = await client.waitForTransactionReceipt({ hash })
  if (status === 'reverted') throw new KinmarkError('deploy.reverted', { ...step, transaction: hash })
}

/** The creation code and the address of an account’s Deployer contract for a salt. */
function deployerOf(owner: Address, salt: Hex, build: Build) {
  const code = encodeDeployData({ abi: deployerAbi, bytecode: bytecodeOf('Deployer', build), args: [owner] })
  return { code, address: getContractAddress({ opcode: 'CREATE2', from: create2Proxy, salt, bytecode: code }) }
}

/** Whether the client’s account has a Deployer contract for a salt. */
export async function hasDeployer(client: Connection, salt: Hex, build: Build): Promise<boolean> {
  return Boolean(await client.getCode(deployerOf(client.account.address, salt, build)))
}

/** The address of the account’s Deployer contract for a salt. Creates it with CREATE2 unless it exists. Throws `deploy.proxy-missing`. */
export async function openDeployer(client: Connection, salt: Hex, build: Build): Promise<Address> {
  const { address, code } = deployerOf(client.account.address, salt, build)
  if (await client.getCode({ address })) return address
  if (!(await client.getCode({ address: create2Proxy })))
    throw new KinmarkError('deploy.proxy-missing', { proxy: create2Proxy })
  const data = concatHex([salt, code])
  const hash = await client.sendTransaction({ to: create2Proxy, data, chain: null })
  await waitForSuccess(client, { contract: 'Deployer', call: 'constructor' }, hash)
  return address
}

/** The address of the deployer’s `index`-th contract, counted from 0, whether it exists yet or not. */
export function addressAt(deployer: Address, index: number): Address {
  return getContractAddress({ from: deployer, nonce: BigInt(index + 1) })
}

/** The number of contracts that the deployer has created. */
export async function createdBy(client: Connection, deployer: Address): Promise<number> {
  return (await client.getTransactionCount({ address: deployer })) - 1
}

/** Creates the deployer's next contract. */
export async function create(client: Connection, deployer: Address, name: string, code: Hex): Promise<void> {
  const call = { address: deployer, abi: deployerAbi, functionName: 'create', args: [code] } as const
  const hash = await client.writeContract({ ...call, chain: null })
  await waitForSuccess(client, { contract: name, call: 'constructor' }, hash)
}
