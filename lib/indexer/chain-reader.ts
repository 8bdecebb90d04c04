import { setTimeout as wait } from 'node:timers/promises'
import {
  type Abi,
  type AbiEvent,
  type Address,
  getAddress,
  type Hex,
  hexToNumber,
  numberToHex,
  type PublicClient,
  toEventSelector,
} from 'viem'
import { modelGovernorAbi, modelSharesAbi } from '../chain/generated'
import { mayHave } from './bloom'
import { type Contracts, decode, type RawLog } from './decode'

export type Chain = { client: PublicClient; chainId: number; firstBlock: number; contracts: Contracts }

export type Header = { number: number; hash: Hex; parentHash: Hex; at: number; bloom: Hex }

/** Logs of all blocks from `from.number` to `to.number`, in order. */
export type Range = { from: Header; to: Header; logs: RawLog[]; hashes: Map<number, Hex> }

/** Which contracts are models' shares or governors. */
export type Clones = {
  /** All of them; null where they are more than `limit`. */
  list(limit: number): Promise<Address[] | null>
  /** Those of `addresses`. */
  among(addresses: Address[]): Promise<Set<Address>>
}

/** A range aims at so many logs, so that memory does not grow with a busy chain. */
const aim = 10_000
const mostBlocks = 50_000
/** Ranges of so few blocks, at the chain's head, are checked block by block. */
const checkedBlocks = 16
/** Above this number of clones, their logs are asked for by topic. */
const listedClones = 500
/** Where the chain has no `finalized` tag. */
const finalDepth = 256
/** Blocks that can always be undone, also if the chain calls them final: a local chain may be set back. */
const undoable = 128
/** Of a small range that fails: how often it is tried, and for how long the reader waits. */
const tries = 4
const pauseMs = 250

const shareEvents = ['Transfer', 'MajorityAnnounced', 'MajorityLost', 'DelegateChanged', 'DelegateVotesChanged']
const governorEvents = [
  ...['ProposalCreated', 'ProposalExtended', 'ProposalQueued', 'ProposalExecuted', 'ProposalCanceled'],
  ...['VoteCast', 'VoteCastWithParams'],
]
const topicsOf = (abi: Abi, names: string[]) =>
  names.map((name) => toEventSelector(abi.find((item) => item.type === 'event' && item.name === name) as AbiEvent))
const cloneTopics = [...topicsOf(modelSharesAbi, shareEvents), ...topicsOf(modelGovernorAbi, governorEvents)]

type RpcLog = {
  blockNumber: Hex
  blockHash: Hex
  logIndex: Hex
  transactionHash: Hex
  address: Hex
  topics: RawLog['topics']
  data: Hex
  blockTimestamp?: Hex | null
  removed?: boolean
}

type RpcBlock = { number: Hex; hash: Hex; parentHash: Hex; timestamp: Hex; logsBloom: Hex }

/** An answer that contradicts itself: it comes from another fork, or a node that is behind. It is asked again. */
class Contradiction extends Error {}

/** Reads a chain's headers and our contracts' logs, in ranges that fit what its RPC allows. */
export class ChainReader {
  private blocks = 2_000

  constructor(
    private readonly chain: Chain,
    private readonly clones: Clones,
  ) {}

  async head(): Promise<Header> {
    const header = await this.header('latest')
    if (!header) throw new Contradiction('The chain has no newest block.')
    return header
  }

  /** Null when the chain has no such block. */
  async header(block: number | 'latest' | 'finalized'): Promise<Header | null> {
    const number = typeof block === 'number' ? numberToHex(block) : block
    const found = (await this.request('eth_getBlockByNumber', [number, false])) as RpcBlock | null
    return (
      found && {
        number: hexToNumber(found.number),
        hash: found.hash,
        parentHash: found.parentHash,
        at: hexToNumber(found.timestamp),
        bloom: found.logsBloom,
      }
    )
  }

  /** The newest block that stays, or one that is so old that it does. */
  async final(head: number): Promise<number> {
    const tagged = await this.header('finalized').catch(() => null)
    return Math.min(tagged?.number ?? head - finalDepth, head - undoable)
  }

  /**
   * The next range from block `from` on, at most to `head`. It halves when the RPC refuses it or answers late, and grows
   * again. Null when the chain changed meanwhile. Throws what the RPC throws where even one block is refused.
   */
  async next(from: number, head: number): Promise<Range | null> {
    for (let failed = 0; ; ) {
      const to = Math.min(head, from + this.blocks - 1)
      try {
        const range = await this.read(from, to)
        if (range) this.fit(range.logs.length, to - from + 1)
        return range
      } catch (error) {
        if (to === from && ++failed >= tries) throw error
        this.blocks = Math.max(1, Math.floor((to - from + 1) / 2))
        await wait(pauseMs * (to === from ? 2 ** failed : 1))
      }
    }
  }

  /** Grows by half at a time, towards the number of blocks that has `aim` logs. */
  private fit(logs: number, blocks: number): void {
    if (blocks < this.blocks && logs < aim) return
    const fitting = logs > 0 ? Math.ceil((blocks * aim) / logs) : mostBlocks
    this.blocks = Math.max(1, Math.min(fitting, Math.ceil(blocks * 1.5), mostBlocks))
  }

  private async read(from: number, to: number): Promise<Range | null> {
    const end = await this.header(to)
    if (!end) return null
    const [found, start] = await Promise.all([this.logsBetween(from, to), from === to ? end : this.header(from)])
    // The same block at the end before and after: the logs and the first header belong to its chain.
    const again = await this.header(to)
    if (!start || again?.hash !== end.hash) return null
    const hashes = new Map<number, Hex>()
    for (const log of found) {
      const block = hexToNumber(log.blockNumber)
      if (block < from || block > to || log.removed)
        throw new Contradiction(`A log of block ${block} was not asked for.`)
      if ((hashes.get(block) ?? log.blockHash) !== log.blockHash)
        throw new Contradiction(`Block ${block} has two hashes.`)
      hashes.set(block, log.blockHash)
    }
    for (const { number, hash } of [start, end])
      if ((hashes.get(number) ?? hash) !== hash)
        throw new Contradiction(`The logs of block ${number} are of another fork.`)
    if (to - from < checkedBlocks) await this.check([start, end], from, to, hashes)
    hashes.set(to, end.hash)
    return { from: start, to: end, logs: await this.timed(found), hashes }
  }

  /** Every header follows the one before, logs have its hash, and a block whose bloom filter has our contracts has logs. */
  private async check(known: Header[], from: number, to: number, hashes: Map<number, Hex>): Promise<void> {
    const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i)
    const headers = await Promise.all(
      numbers.map(async (number) => known.find((header) => header.number === number) ?? (await this.header(number))),
    )
    for (const [i, header] of headers.entries()) {
      const before = headers[i - 1]
      if (!header || (before && header.parentHash !== before.hash))
        throw new Contradiction('The headers are of two forks.')
      const hash = hashes.get(header.number)
      if (hash !== undefined && hash !== header.hash)
        throw new Contradiction(`The logs of block ${header.number} are of another fork.`)
      if (hash === undefined && (await this.hasLogs(header)))
        throw new Contradiction(`The logs of block ${header.number} are missing.`)
    }
  }

  /** Whether a block has logs of our contracts. A bloom filter may claim too much, so the block itself is asked. */
  private async hasLogs({ bloom, hash }: Header): Promise<boolean> {
    const address = Object.values(this.chain.contracts)
    if (!address.some((contract) => mayHave(bloom, contract))) return false
    const found = (await this.request('eth_getLogs', [{ address, blockHash: hash }])) as RpcLog[]
    return found.length > 0
  }

  private async logsBetween(from: number, to: number): Promise<RpcLog[]> {
    const known = await this.clones.list(listedClones)
    const [ours, cloned] = await Promise.all([
      this.logs(from, to, { address: Object.values(this.chain.contracts) }),
      known === null ? this.logs(from, to, { topics: [cloneTopics] }) : this.logsOf(known, from, to),
    ])
    const registered = ours.flatMap((log) => this.newClones(log))
    const later = known === null ? [] : await this.logsOf(registered, from, to)
    const own = known === null ? await this.own(cloned, registered) : [...cloned, ...later]
    return [...ours, ...own].sort(
      (a, b) =>
        hexToNumber(a.blockNumber) - hexToNumber(b.blockNumber) || hexToNumber(a.logIndex) - hexToNumber(b.logIndex),
    )
  }

  private async logsOf(address: Address[], from: number, to: number): Promise<RpcLog[]> {
    return address.length > 0 ? this.logs(from, to, { address }) : []
  }

  /** Logs of our own clones: anybody's token emits the same events. */
  private async own(cloned: RpcLog[], registered: Address[]): Promise<RpcLog[]> {
    const addresses = [...new Set(cloned.map(({ address }) => address))]
    const checksummed = new Map(addresses.map((address) => [address, getAddress(address)]))
    const known = await this.clones.among([...checksummed.values()])
    for (const address of registered) known.add(address)
    return cloned.filter(({ address }) => known.has(checksummed.get(address) as Address))
  }

  private newClones(log: RpcLog): Address[] {
    const event = decode(rawLog(log, 0), this.chain.contracts)
    if (event?.from === 'governorFactory') return [event.args.governor]
    return event?.from === 'models' && event.eventName === 'Registered' ? [event.args.shares] : []
  }

  private async logs(from: number, to: number, filter: object): Promise<RpcLog[]> {
    const range = { fromBlock: numberToHex(from), toBlock: numberToHex(to) }
    return (await this.request('eth_getLogs', [{ ...filter, ...range }])) as RpcLog[]
  }

  /** With timestamps: from the logs where the RPC gives them, or else one request for each block that has logs. */
  private async timed(found: RpcLog[]): Promise<RawLog[]> {
    const untimed = found.filter((log) => !log.blockTimestamp).map((log) => hexToNumber(log.blockNumber))
    const numbers = [...new Set(untimed)]
    const times = new Map<number, number>()
    for (let i = 0; i < numbers.length; i += 100)
      for (const header of await Promise.all(numbers.slice(i, i + 100).map((number) => this.header(number))))
        if (header) times.set(header.number, header.at)
    return found.map((log) => {
      const at = log.blockTimestamp ? hexToNumber(log.blockTimestamp) : times.get(hexToNumber(log.blockNumber))
      if (at === undefined) throw new Contradiction(`Block ${log.blockNumber} is gone.`)
      return rawLog(log, at)
    })
  }

  /** The reader tries again by itself, with a smaller range. */
  private request(method: 'eth_getLogs' | 'eth_getBlockByNumber', params: unknown[]): Promise<unknown> {
    const retryCount = method === 'eth_getLogs' ? 0 : undefined
    return this.chain.client.request({ method, params } as never, { retryCount }) as Promise<unknown>
  }
}

function rawLog(log: RpcLog, at: number): RawLog {
  return {
    block: hexToNumber(log.blockNumber),
    logIndex: hexToNumber(log.logIndex),
    at,
    tx: log.transactionHash,
    address: getAddress(log.address),
    topics: log.topics,
    data: log.data,
  }
}
