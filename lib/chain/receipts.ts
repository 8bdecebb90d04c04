import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  hashStruct,
  keccak256,
  numberToHex,
  type TypedDataDomain,
} from 'viem'

/** A host's signed record of one inference. Indexes count 0, 1, 2, … within an epoch of a copy. */
export type Receipt = {
  copyId: bigint
  epoch: bigint
  index: bigint
  promptHash: Hex
  responseHash: Hex
  /** Multiplies the fee: 1 for one inference. */
  units: bigint
  /** Unix seconds. */
  issuedAt: bigint
}

/** A host's commitment to one epoch's receipts: leaf i of `receiptsRoot` is `receiptHash` of receipt i. */
export type Report = { copyId: bigint; epoch: bigint; count: bigint; units: bigint; receiptsRoot: Hex }

/** EIP-712 types; the same as in contracts/src/lib/Receipts.sol. */
const usageTypes = {
  Receipt: [
    { name: 'copyId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
    { name: 'index', type: 'uint64' },
    { name: 'promptHash', type: 'bytes32' },
    { name: 'responseHash', type: 'bytes32' },
    { name: 'units', type: 'uint64' },
    { name: 'issuedAt', type: 'uint64' },
  ],
  Report: [
    { name: 'copyId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
    { name: 'count', type: 'uint64' },
    { name: 'units', type: 'uint128' },
    { name: 'receiptsRoot', type: 'bytes32' },
  ],
} as const

function domainOf(chainId: number, usageLedger: Address): TypedDataDomain {
  return { name: 'Kinmark', version: '1', chainId, verifyingContract: usageLedger }
}

/** An operator key signs this for each answer. */
export function receiptTypedData(chainId: number, usageLedger: Address, message: Receipt) {
  return { domain: domainOf(chainId, usageLedger), types: usageTypes, primaryType: 'Receipt', message } as const
}

/** A host or an operator key signs this, so that anyone may file the report. */
export function reportTypedData(chainId: number, usageLedger: Address, message: Report) {
  return { domain: domainOf(chainId, usageLedger), types: usageTypes, primaryType: 'Report', message } as const
}

/** The receipt’s leaf in the report’s tree; different receipts have different hashes. */
export function receiptHash(receipt: Receipt): Hex {
  return hashStruct({ data: receipt, primaryType: 'Receipt', types: usageTypes })
}

/** The chain stores this instead of the report. */
export function reportHash(report: Report): Hex {
  return hashStruct({ data: report, primaryType: 'Report', types: usageTypes })
}

/** keccak256 of token ids, 4 bytes each, big-endian: the `keyHash` and `responseHash` of a fingerprint's leaf. */
export function tokensHash(tokens: readonly number[]): Hex {
  return keccak256(concat(tokens.map((token) => numberToHex(token, { size: 4 }))))
}

/** Commits to a prompt without showing it; the salt opens the commitment. */
export function promptHash(salt: Hex, prompt: readonly number[]): Hex {
  return pairHash(salt, tokensHash(prompt))
}

/** Commits to an answer such that its first token can be shown without the others. */
export function responseHash(answer: readonly number[]): Hex {
  return pairHash(tokensHash(answer.slice(0, 1)), tokensHash(answer))
}

function pairHash(a: Hex, b: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [a, b]))
}
