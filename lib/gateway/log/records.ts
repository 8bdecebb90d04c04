import { type Address, bytesToHex, getAddress, type Hex, stringToHex } from 'viem'
import type { Receipt } from '../../metering/receipt'
import type { Voucher } from '../../metering/voucher'
import { type Reader, reader, type Writer, writer } from './fields'

export type SignedVoucher = Voucher & { signature: Hex }

/** A receipt as the host stores it. */
export type StoredReceipt = {
  /** 16 bytes that only the host and its client know. */
  id: Hex
  receipt: Receipt
  /** `0x` where it is not stored, since the key makes the same again. */
  signature: Hex
  /** Hides the prompt in `promptHash`. */
  salt: Hex
  /** Asked for a million units. */
  price: bigint
  /** Whether the upstream counted the units, or only what is certain was counted. */
  counted: 'upstream' | 'events'
  /** The receipt’s leaf in the tree of its epoch: `keccak(0x10 ‖ hash)`. */
  leaf: Uint8Array
  paid: Paid
}

/** How an answer was paid: by a user’s voucher, out of a purse, or by nobody. */
export type Paid =
  | { by: 'voucher'; voucher: SignedVoucher }
  /** `payment`: the nonce of the payment that its request carried; null without one. */
  | { by: 'purse'; owner: Hex; payment: Hex | null }
  | null

/** What a user has been charged with by receipts before this epoch, and the vouchers kept of it. */
type StoredAccount = { user: Address; units: bigint; cost: bigint; vouchers: SignedVoucher[] }

/** What the owner of a purse had paid and spent before this epoch: USDC of 12 decimals. */
type StoredPurse = { owner: Hex; paid: bigint; spent: bigint }

/** A payment that its payer has signed (EIP-3009), and what became of it. */
export type Payment = {
  payer: Address
  nonce: Hex
  /** USDC of 6 decimals. */
  value: bigint
  /** Seconds of the chain’s time. */
  validAfter: bigint
  validBefore: bigint
  signature: Hex
  /** The payer’s own name for it; null without one. */
  id: string | null
  /** SHA-256 of the path and the body that it came with. */
  requestHash: Hex
  /** The chain’s latest block when it came. */
  block: bigint
  state: 'pending' | 'paid' | 'void'
  /** The transaction that moved the money; null while there is none. */
  transaction: Hex | null
}

/** What a log is about. */
export type LogHeader = { chainId: number; usageLedger: Address; copyId: bigint; operator: Address; epoch: bigint }

export type LogRecord =
  | { kind: 'header'; header: LogHeader }
  | { kind: 'receipt'; stored: StoredReceipt }
  | { kind: 'voucher'; voucher: SignedVoucher }
  | { kind: 'account'; account: StoredAccount }
  | { kind: 'purse'; purse: StoredPurse }
  /** The last record of a payment counts. `answered`: the receipt of its answer, from an epoch before. */
  | { kind: 'payment'; payment: Payment; answered: Hex | null }
  /** Follows the last account. A log without it was never begun. */
  | { kind: 'ready' }

const tags = { header: 0, receipt: 1, voucher: 2, account: 3, ready: 4, purse: 5, payment: 6 } as const
const counts = ['upstream', 'events'] as const
const states = ['pending', 'paid', 'void'] as const
const unsigned: Hex = `0x${'00'.repeat(65)}`
const payers = { nobody: 0, voucher: 1, purse: 2 } as const

export function encodeRecord(record: LogRecord): Uint8Array {
  const out = writer(tags[record.kind])
  switch (record.kind) {
    case 'header':
      out.uint(BigInt(record.header.chainId), 8)
      out.hex(record.header.usageLedger)
      out.uint(record.header.copyId, 32)
      out.hex(record.header.operator)
      out.uint(record.header.epoch, 8)
      break
    case 'receipt': {
      const { id, receipt, signature, salt, price, counted, leaf, paid } = record.stored
      out.hex(id)
      out.uint(receipt.index, 8)
      out.hex(receipt.user)
      out.hex(receipt.promptHash)
      out.hex(receipt.responseHash)
      out.uint(receipt.units, 8)
      out.uint(receipt.issuedAt, 8)
      out.hex(signature === '0x' ? unsigned : signature)
      out.hex(salt)
      out.uint(price, 12)
      out.uint(BigInt(counts.indexOf(counted)), 1)
      out.bytes(leaf)
      writePaid(out, paid)
      break
    }
    case 'voucher':
      out.hex(record.voucher.user)
      writeVoucher(out, record.voucher)
      break
    case 'ready':
      break
    case 'account':
      out.hex(record.account.user)
      out.uint(record.account.units, 8)
      out.uint(record.account.cost, 20)
      out.uint(BigInt(record.account.vouchers.length), 2)
      for (const voucher of record.account.vouchers) writeVoucher(out, voucher)
      break
    case 'purse':
      out.sized(record.purse.owner)
      out.uint(record.purse.paid, 20)
      out.uint(record.purse.spent, 20)
      break
    case 'payment': {
      const { payment, answered } = record
      out.hex(payment.payer)
      out.hex(payment.nonce)
      out.uint(payment.value, 32)
      out.uint(payment.validAfter, 32)
      out.uint(payment.validBefore, 32)
      out.sized(payment.signature)
      out.sized(stringToHex(payment.id ?? ''))
      out.hex(payment.requestHash)
      out.uint(payment.block, 8)
      out.uint(BigInt(states.indexOf(payment.state)), 1)
      out.sized(payment.transaction ?? '0x')
      out.sized(answered ?? '0x')
    }
  }
  return out.done()
}

/** `about`: the log’s header, which its records do not repeat; null for the header itself. */
export function decodeRecord(payload: Buffer, about: LogHeader | null): LogRecord {
  const input = reader(payload)
  const tag = Number(input.uint(1))
  if (tag === tags.header) {
    const header = {
      chainId: Number(input.uint(8)),
      usageLedger: getAddress(input.hex(20)),
      copyId: input.uint(32),
      operator: getAddress(input.hex(20)),
      epoch: input.uint(8),
    }
    return { kind: 'header', header }
  }
  if (!about) throw new RangeError('A log begins with its header.')
  const { copyId, epoch } = about
  if (tag === tags.receipt) {
    const id = input.hex(16)
    const index = input.uint(8)
    const user = getAddress(input.hex(20))
    const [promptHash, responseHash] = [input.hex(32), input.hex(32)]
    const [units, issuedAt] = [input.uint(8), input.uint(8)]
    const receipt = { copyId, epoch, index, user, promptHash, responseHash, units, issuedAt }
    const [signed, salt, price] = [input.hex(65), input.hex(32), input.uint(12)]
    const signature = signed === unsigned ? '0x' : signed
    const counted = counts[Number(input.uint(1))]
    const leaf = Uint8Array.from(input.bytes(32))
    const paid = readPaid(input, copyId, user)
    return { kind: 'receipt', stored: { id, receipt, signature, salt, price, counted, leaf, paid } }
  }
  if (tag === tags.ready) return { kind: 'ready' }
  if (tag === tags.purse) {
    const purse = { owner: bytesToHex(input.sized()), paid: input.uint(20), spent: input.uint(20) }
    return { kind: 'purse', purse }
  }
  if (tag === tags.payment) return readPayment(input)
  const user = getAddress(input.hex(20))
  if (tag === tags.voucher) return { kind: 'voucher', voucher: readVoucher(input, copyId, user) }
  const [units, cost] = [input.uint(8), input.uint(20)]
  const vouchers = Array.from({ length: Number(input.uint(2)) }, () => readVoucher(input, copyId, user))
  return { kind: 'account', account: { user, units, cost, vouchers } }
}

/** Where fields of a receipt stand in its payload. */
const offsets = { id: 1, index: 17, units: 109, leaf: 235 }

/** What the tree of an epoch needs of a payload; null for anything but a receipt. */
export function leafIn(payload: Buffer): { hash: Uint8Array; units: bigint } | null {
  if (payload[0] !== tags.receipt) return null
  return { hash: payload.subarray(offsets.leaf, offsets.leaf + 32), units: payload.readBigUInt64BE(offsets.units) }
}

/** Whether a payload is the receipt with this id, or with this index. */
export function isReceipt(payload: Buffer, { id, index }: { id?: Uint8Array; index?: bigint }): boolean {
  if (payload[0] !== tags.receipt) return false
  if (id && payload.compare(id, 0, id.length, offsets.id, offsets.id + id.length) !== 0) return false
  return index === undefined || payload.readBigUInt64BE(offsets.index) === index
}

export function isReady(payload: Buffer): boolean {
  return payload[0] === tags.ready
}

function writePaid(out: Writer, paid: Paid): void {
  out.uint(BigInt(payers[paid?.by ?? 'nobody']), 1)
  if (paid?.by === 'voucher') writeVoucher(out, paid.voucher)
  if (paid?.by !== 'purse') return
  out.sized(paid.owner)
  out.sized(paid.payment ?? '0x')
}

function readPaid(input: Reader, copyId: bigint, user: Address): Paid {
  const by = Number(input.uint(1))
  if (by === payers.nobody) return null
  if (by === payers.voucher) return { by: 'voucher', voucher: readVoucher(input, copyId, user) }
  return { by: 'purse', owner: bytesToHex(input.sized()), payment: readOptional(input) }
}

function readPayment(input: Reader): LogRecord {
  const payment: Payment = {
    ...{ payer: getAddress(input.hex(20)), nonce: input.hex(32), value: input.uint(32) },
    ...{ validAfter: input.uint(32), validBefore: input.uint(32), signature: bytesToHex(input.sized()) },
    ...{ id: input.sized().toString() || null, requestHash: input.hex(32), block: input.uint(8) },
    ...{ state: states[Number(input.uint(1))], transaction: readOptional(input) },
  }
  return { kind: 'payment', payment, answered: readOptional(input) }
}

function readOptional(input: Reader): Hex | null {
  const bytes = input.sized()
  return bytes.length === 0 ? null : bytesToHex(bytes)
}

function writeVoucher(out: Writer, { cumulativeUnits, cumulativeAmount, signature }: SignedVoucher): void {
  out.uint(cumulativeUnits, 8)
  out.uint(cumulativeAmount, 8)
  out.hex(signature)
}

function readVoucher(input: Reader, copyId: bigint, user: Address): SignedVoucher {
  const [cumulativeUnits, cumulativeAmount] = [input.uint(8), input.uint(8)]
  return { copyId, user, cumulativeUnits, cumulativeAmount, signature: input.hex(65) }
}
