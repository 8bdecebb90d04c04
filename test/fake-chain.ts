import {
  type Abi,
  type AbiFunction,
  type Address,
  createPublicClient,
  custom,
  decodeAbiParameters,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  getAddress,
  type Hex,
  keccak256,
  pad,
  parseTransaction,
  serializeTransaction,
  type TransactionSerializable,
  toFunctionSelector,
  toHex,
} from 'viem'
import { type PrivateKeyAccount, toAccount } from 'viem/accounts'

/** `time`: of the block, in seconds. */
type Call = { from: Address; name: string; args: readonly unknown[]; time: bigint; emit: Emit }
type Emit = (name: string, indexed: object, data?: { types: string[]; values: unknown[] }) => void

/** A contract of a fake chain. Both throw what the contract reverts with. */
export type FakeContract<State> = {
  abi: Abi
  read(state: State, call: Omit<Call, 'emit'>): unknown
  write(state: State, call: Call): void
}

/**
 * What becomes of one question to the RPC server: it is answered; it is lost before the server has it; its answer is lost;
 * the server takes a transaction and forgets it; the server that answers is some blocks behind.
 */
export type Fate = 'answered' | 'unheard' | 'unanswered' | 'forgotten' | 'behind'

type Log = { address: Address; topics: Hex[]; data: Hex; transactionHash: Hex; blockNumber: bigint }
type Receipt = { hash: Hex; status: 'success' | 'reverted'; block: bigint; from: Address; logs: Log[] }
type Waiting = { hash: Hex; from: Address; nonce: number; to: Address; data: Hex }
/** All that a block knows. */
type World<State> = { block: bigint; time: bigint; nonces: Map<Address, number>; receipts: Receipt[]; state: State }

export type FakeChainOptions<State> = {
  contracts: Record<Address, FakeContract<State>>
  state: State
  /** Seconds. */
  time: bigint
  fateOf(method: string): Fate
  /** What happens before the next question: nothing, a block, or a block in which others take the places of all that waits. */
  next(): 'nothing' | 'block' | 'replaced'
}

/** Blocks by which a server is behind. */
const behind = 6

/** Signs so fast that ten thousand transactions take seconds: the sender stands where r does, and is believed. */
export function fakeAccount(address: Address): PrivateKeyAccount {
  return toAccount({
    address,
    signMessage: async () => '0x',
    signTypedData: async () => '0x',
    signTransaction: async (transaction) =>
      serializeTransaction(transaction as TransactionSerializable, {
        ...{ r: pad(address, { size: 32 }), s: pad('0x01', { size: 32 }), yParity: 0 },
      }) as never,
  }) as unknown as PrivateKeyAccount
}

/** A chain in this process, and a client of its RPC server, which loses whatever a test says. */
export function fakeChain<State>({ contracts, state, time, fateOf, next }: FakeChainOptions<State>) {
  const worlds: World<State>[] = [{ block: 1n, time, nonces: new Map(), receipts: [], state }]
  let waiting: Waiting[] = []
  const head = () => worlds[worlds.length - 1]
  const nonceIn = (world: World<State>, account: Address) => world.nonces.get(account) ?? 0

  function mine(replaced = false, seconds = 1n): void {
    const before = head()
    const world: World<State> = {
      ...{ block: before.block + 1n, time: before.time + seconds, nonces: new Map(before.nonces) },
      ...{ receipts: waiting.length > 0 ? [...before.receipts] : before.receipts, state: before.state },
    }
    waiting.sort((a, b) => a.nonce - b.nonce)
    for (const each of waiting) {
      if (each.nonce !== nonceIn(world, each.from)) continue
      world.nonces.set(each.from, each.nonce + 1)
      if (!replaced) world.receipts.push(run(world, each))
    }
    waiting = waiting.filter(({ from, nonce }) => nonce >= nonceIn(world, from))
    worlds.push(world)
  }

  function run(world: World<State>, { hash, from, to, data }: Waiting): Receipt {
    const { abi, write } = contracts[to]
    const receipt: Receipt = { hash, status: 'success', block: world.block, from, logs: [] }
    const after = structuredClone(world.state)
    const emit: Emit = (eventName, args, { types, values } = { types: [], values: [] }) => {
      receipt.logs.push({
        ...{
          address: to,
          topics: encodeEventTopics({ abi, eventName, args } as never) as Hex[],
          transactionHash: hash,
        },
        ...{
          data: encodeAbiParameters(
            types.map((type) => ({ type })),
            values,
          ),
          blockNumber: world.block,
        },
      })
    }
    try {
      const { name, args } = decoded(abi, data)
      write(after, { from, name, args, time: world.time, emit })
      world.state = after
    } catch {
      Object.assign(receipt, { status: 'reverted', logs: [] })
    }
    return receipt
  }

  function take(raw: Hex): Hex {
    const {
      r,
      nonce = 0,
      to,
      data = '0x',
    } = parseTransaction(raw) as { r: Hex; nonce?: number; to: Address; data?: Hex }
    const from = getAddress(`0x${r.slice(-40)}`)
    const hash = keccak256(raw)
    if (nonce < nonceIn(head(), from)) throw rpcError('nonce too low')
    if (waiting.some((each) => each.hash === hash)) throw rpcError('already known')
    if (waiting.some((each) => each.from === from && each.nonce === nonce)) throw rpcError('replacement underpriced')
    waiting.push({ hash, from, nonce, to: getAddress(to), data })
    return hash
  }

  function call(world: World<State>, { to, data, from }: { to: Address; data: Hex; from?: Address }): Hex {
    const { abi, read, write } = contracts[getAddress(to)]
    const { item, name, args } = decoded(abi, data)
    const asked = { from: from ? getAddress(from) : getAddress(to), name, args, time: world.time }
    try {
      if (isView(item)) return encodeFunctionResult({ abi: [item], result: read(world.state, asked) } as never)
      write(structuredClone(world.state), { ...asked, emit: () => undefined })
      return pad('0x00', { size: 32 })
    } catch (error) {
      throw rpcError(`execution reverted: ${(error as Error).message}`, 3)
    }
  }

  function answer(world: World<State>, method: string, params: readonly never[]): unknown {
    switch (method) {
      case 'eth_chainId':
        return toHex(31_337)
      case 'eth_blockNumber':
        return toHex(world.block)
      case 'eth_gasPrice':
      case 'eth_maxPriorityFeePerGas':
        return toHex(1_000_000_000)
      case 'eth_estimateGas':
        call(world, params[0])
        return toHex(100_000)
      case 'eth_getBlockByNumber':
        return blockOf(atBlock(world, params[0]))
      case 'eth_getTransactionCount': {
        const account = getAddress(params[0])
        const mined = nonceIn(world, account)
        const own = params[1] === 'pending' ? waiting.filter(({ from }) => from === account) : []
        return toHex(own.reduce((next, { nonce }) => (nonce >= next ? nonce + 1 : next), mined))
      }
      case 'eth_call':
        return call(atBlock(world, params[1]), params[0])
      case 'eth_getTransactionReceipt': {
        const found = world.receipts.find(({ hash }) => hash === params[0])
        return found ? receiptOf(found) : null
      }
      case 'eth_getLogs': {
        const { address, topics, fromBlock } = params[0] as { address: Address; topics: (Hex | null)[]; fromBlock: Hex }
        return world.receipts
          .flatMap(({ logs }) => logs)
          .filter(
            (log) =>
              log.address === getAddress(address) &&
              log.blockNumber >= BigInt(fromBlock) &&
              topics.every((topic, i) => topic === null || log.topics[i]?.toLowerCase() === topic.toLowerCase()),
          )
          .map(logOf)
      }
      case 'eth_sendRawTransaction':
        return take(params[0])
    }
    throw new Error(`A fake chain has no ${method}.`)
  }

  /** The block that a question names, as the server that is asked has it. */
  function atBlock(world: World<State>, block: Hex | string = 'latest'): World<State> {
    if (!block.startsWith('0x')) return world
    const found = worlds.find((each) => each.block === BigInt(block))
    if (!found || found.block > world.block) throw rpcError('header not found')
    return found
  }

  async function request({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
    const happens = next()
    if (happens !== 'nothing') mine(happens === 'replaced')
    const fate = fateOf(method)
    const sends = method === 'eth_sendRawTransaction'
    if (fate === 'unheard') throw new Error('the connection was reset')
    if (fate === 'forgotten' && sends) return keccak256((params as Hex[])[0])
    const world = fate === 'behind' && !sends ? worlds[Math.max(0, worlds.length - 1 - behind)] : head()
    const answered = answer(world, method, params as never[])
    if (fate === 'unanswered') throw new Error('the connection was reset')
    return answered
  }

  return {
    client: createPublicClient({ cacheTime: 0, transport: custom({ request }, { retryCount: 0 }) }),
    mine,
    now() {
      return head()
    },
  }
}

const selectors = new WeakMap<Abi, Map<Hex, AbiFunction>>()

/** The function that is called: a selector is a hash, so all of a contract’s are kept. */
function decoded(abi: Abi, data: Hex): { item: AbiFunction; name: string; args: readonly unknown[] } {
  let known = selectors.get(abi)
  if (!known) {
    const functions = abi.filter((item): item is AbiFunction => item.type === 'function')
    known = new Map(functions.map((item) => [toFunctionSelector(item), item]))
    selectors.set(abi, known)
  }
  const item = known.get(data.slice(0, 10) as Hex)
  if (!item) throw rpcError('execution reverted')
  return { item, name: item.name, args: decodeAbiParameters(item.inputs, `0x${data.slice(10)}`) as readonly unknown[] }
}

const isView = ({ stateMutability }: AbiFunction): boolean => ['view', 'pure'].includes(stateMutability)

const rpcError = (message: string, code = -32_000) => Object.assign(new Error(message), { code })

const zeros: Hex = `0x${'0'.repeat(64)}`

const logOf = ({ blockNumber, ...log }: Log) => ({
  ...log,
  ...{ blockNumber: toHex(blockNumber), blockHash: pad(toHex(blockNumber), { size: 32 }), logIndex: '0x0' },
  ...{ transactionIndex: '0x0', removed: false },
})

const receiptOf = ({ hash, status, block, from, logs }: Receipt) => ({
  ...{ transactionHash: hash, status: status === 'success' ? '0x1' : '0x0', from, to: from, type: '0x2' },
  ...{ blockNumber: toHex(block), blockHash: pad(toHex(block), { size: 32 }), transactionIndex: '0x0' },
  ...{ cumulativeGasUsed: '0x1', gasUsed: '0x1', effectiveGasPrice: '0x1', contractAddress: null },
  ...{ logs: logs.map(logOf), logsBloom: '0x' },
})

const blockOf = ({ block, time }: { block: bigint; time: bigint }) => ({
  ...{ number: toHex(block), timestamp: toHex(time), hash: pad(toHex(block), { size: 32 }), parentHash: zeros },
  ...{ baseFeePerGas: toHex(1_000_000_000), gasLimit: toHex(30_000_000), gasUsed: '0x0', size: '0x0', extraData: '0x' },
  ...{ difficulty: '0x0', totalDifficulty: '0x0', logsBloom: '0x', miner: `0x${'0'.repeat(40)}`, mixHash: zeros },
  ...{ nonce: '0x0000000000000000', receiptsRoot: zeros, sha3Uncles: zeros, stateRoot: zeros, transactionsRoot: zeros },
  ...{ transactions: [], uncles: [], withdrawals: [] },
})
