import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  hashStruct,
  hexToBytes,
  keccak256,
  numberToHex,
} from 'viem'
import { domainOf } from './domain'
import { type SumTree, sumTree } from './sum-tree'

/** A host's signed record of one inference. Indexes count 0, 1, 2, … within an epoch of a copy. */
export type Receipt = {
  copyId: bigint
  epoch: bigint
  index: bigint
  /** Who asked; the zero address for the anonymous. */
  user: Address
  promptHash: Hex
  responseHash: Hex
  /** Tokens of prompt and answer, under the model's own tokenizer, as delivered. */
  units: bigint
  /** Unix seconds. */
  issuedAt: bigint
}

/** A host's commitment to one epoch's receipts: count, sum and root of their sum tree. */
export type Report = { copyId: bigint; epoch: bigint; count: bigint; units: bigint; receiptsRoot: Hex }

/** EIP-712, as contracts/src/lib/Receipts.sol has it. */
const usageTypes = {
  Receipt: [
    { name: 'copyId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
    { name: 'index', type: 'uint64' },
    { name: 'user', type: 'address' },
    { name: 'promptHash', type: 'bytes32' },
    { name: 'responseHash', type: 'bytes32' },
    { name: 'units', type: 'uint64' },
    { name: 'issuedAt', type: 'uint64' },
  ],
  Report: [
    { name: 'copyId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
    { name: 'count', type: 'uint64' },
    { name: 'units', type: 'uint64' },
    { name: 'receiptsRoot', type: 'bytes32' },
  ],
} as const

/** What an operator key signs for each answer. */
export function receiptTypedData(chainId: number, usageLedger: Address, message: Receipt) {
  return { domain: domainOf(chainId, usageLedger), types: usageTypes, primaryType: 'Receipt', message } as const
}

/** What a host or an operator key signs for somebody else to file. */
export function reportTypedData(chainId: number, usageLedger: Address, message: Report) {
  return { domain: domainOf(chainId, usageLedger), types: usageTypes, primaryType: 'Report', message } as const
}

/** The leaf of a report's tree, and what two different receipts differ in. */
export function receiptHash(receipt: Receipt): Hex {
  return hashStruct({ data: receipt, primaryType: 'Receipt', types: usageTypes })
}

/** What the chain keeps of a report. */
export function reportHash(report: Report): Hex {
  return hashStruct({ data: report, primaryType: 'Report', types: usageTypes })
}

/** Leaf i is the hash of receipt i, with the receipt's units as its part of the sum. */
export function receiptTree(receipts: readonly Receipt[]): SumTree {
  return sumTree(receipts.map((receipt) => ({ data: hexToBytes(receiptHash(receipt)), sum: receipt.units })))
}

/** Fee for a number of units, in USDC of 6 decimals, multiplied first and rounded up once. */
export function feeUp(units: bigint, feePerMillion: bigint): bigint {
  return (units * feePerMillion + 999_999n) / 1_000_000n
}

/** keccak256 of token ids, 4 bytes each, big-endian: the `keyHash` and `responseHash` of a fingerprint's leaf. */
export function tokensHash(tokens: readonly number[]): Hex {
  return keccak256(concat(tokens.map((token) => numberToHex(token, { size: 4 }))))
}

/** Hides a prompt until its salt is shown. */
export function promptHash(salt: Hex, prompt: readonly number[]): Hex {
  return pairHash(salt, tokensHash(prompt))
}

/** Lets the first token of an answer be shown without the rest. */
export function responseHash(answer: readonly number[]): Hex {
  return pairHash(tokensHash(answer.slice(0, 1)), tokensHash(answer))
}

function pairHash(a: Hex, b: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [a, b]))
}
