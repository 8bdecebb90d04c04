import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, type Hex, hexToBytes } from 'viem'
import { KinmarkError } from '../error'
import type { Receipt } from '../metering/receipt'
import { accountOf } from '../metering/signer'
import { type Account, emptyAccount } from './account'
import type { EpochClock } from './epoch-clock'
import { type AppendLog, type LogOptions, openAppendLog } from './log/append-log'
import { readFrames } from './log/frames'
import {
  decodeRecord,
  encodeRecord,
  isReady,
  isReceipt,
  type LogHeader,
  type LogRecord,
  leafIn,
  type Paid,
  type Payment,
  type SignedVoucher,
  type StoredReceipt,
} from './log/records'
import type { Purse } from './purse'
import { receiptIds } from './receipt-ids'
import { receiptSigner } from './receipt-signer'
import { type Call, emptyStanding, type KnownPayment } from './standing'

export type BooksOptions = {
  folder: string
  chainId: number
  usageLedger: Address
  copyId: bigint
  /** 32 bytes. */
  operatorKey: Uint8Array
  clock: EpochClock
  openFile?: LogOptions['openFile']
}

/** What was set aside for a call: units of its account or purse (null for none), and of its epoch. */
export type SetAside = { units: bigint | null; epochUnits: bigint }

/** What a receipt is issued for. */
export type Answered = {
  id: Hex
  user: Address
  promptHash: Hex
  responseHash: Hex
  salt: Hex
  units: bigint
  price: bigint
  counted: StoredReceipt['counted']
  paid: Paid
  /** Given back with the receipt. */
  aside?: SetAside
}

/** Receipts of one epoch as its report needs them. */
type EpochLeaves = { epoch: bigint; hashes: Uint8Array; units: bigint[] }

export type Books = {
  readonly operator: Address
  readonly epoch: bigint
  /** Units of the receipts of this epoch. */
  readonly epochUnits: bigint
  /** Why nothing can be signed; null while it can. */
  readonly failure: KinmarkError | null
  /** Sets units of this epoch aside for a call. Throws `gateway.key-cap-reached` where it could have more than `cap` in all. */
  openUnits(units: bigint, cap: bigint): Promise<void>
  /** Gives back what was set aside for a call that has no receipt. */
  giveBack(call: Call, aside: SetAside): Promise<void>
  /** Whether this gateway is the one that reports, settles and answers challenges for the copy. */
  leads(): Promise<boolean>
  /** A new id of a receipt: 16 bytes that nobody can guess. */
  newId(): Hex
  /** Signs and stores a receipt. Throws `gateway.log-failed`; then no such receipt exists. */
  issue(answered: Answered): Promise<StoredReceipt>
  account(user: Address): Promise<Account>
  accounts(): Promise<Account[]>
  /** Looks at an account and changes it in one step that nothing comes between. */
  onAccount<T>(user: Address, act: (account: Account) => T): Promise<T>
  /** Stores a voucher that came without a call. */
  storeVoucher(voucher: SignedVoucher): Promise<void>
  onPurse<T>(owner: Hex, act: (purse: Purse) => T): Promise<T>
  purses(): Promise<Purse[]>
  payment(payer: Address, nonce: Hex): Promise<KnownPayment | null>
  /** The payment that its payer has given this id. */
  paymentNamed(payer: Address, id: string): Promise<KnownPayment | null>
  /** Those to this operator. */
  pendingPayments(): Promise<Payment[]>
  /** Stores a payment that is new here. Throws `gateway.payment-busy` where it, or another with its id, is known. */
  takePayment(payment: Payment): Promise<void>
  /** Stores what became of a payment. One that is paid after it was pending fills its payer’s purse. */
  storePayment(payment: Payment): Promise<void>
  /** Throws `serve.busy` while another is searched for that is not among the recent ones. Ids that were never given are unknown at once. */
  find(id: Hex): Promise<StoredReceipt | null>
  /** Epochs before this one that have receipts, oldest first. */
  closedEpochs(): Promise<bigint[]>
  leaves(epoch: bigint): Promise<EpochLeaves>
  receiptAt(epoch: bigint, index: bigint): Promise<StoredReceipt | null>
  /** Moves on to the epoch of the clock, so that earlier ones can be reported. */
  turn(): Promise<void>
  close(): Promise<void>
}

type EpochBook = { header: LogHeader; log: AppendLog; count: bigint; stored: bigint; units: bigint }

const mostRecent = 65_536
const fileOf = (folder: string, epoch: bigint) => join(folder, `${String(epoch).padStart(12, '0')}.log`)

/**
 * The receipts of one copy that one operator key has signed, a log for each epoch, and what its users owe. Indexes are
 * given when a receipt is stored, so that none is missing and none stands twice.
 */
export async function openBooks(options: BooksOptions): Promise<Books> {
  const { folder, chainId, usageLedger, copyId, operatorKey, clock } = options
  await mkdir(folder, { recursive: true })
  const operator = accountOf(operatorKey)
  if (!operator) throw new KinmarkError('gateway.key-file-invalid', { file: folder })
  const signer = receiptSigner(options)
  const ids = receiptIds(operatorKey)
  const standing = emptyStanding()
  /** Records as they are stored, which take less memory than receipts. */
  const recent = new Map<Hex, { payload: Uint8Array; about: LogHeader }>()
  let turning: Promise<void> | null = null
  let open = 0n
  /** Names of payments that are being stored. */
  const taking = new Set<string>()

  const enter = (record: LogRecord, payload: Uint8Array, book: EpochBook): void => {
    standing.enter(record)
    if (record.kind !== 'receipt') return
    book.stored += 1n
    book.units += record.stored.receipt.units
    recent.set(record.stored.id, { payload: new Uint8Array(payload), about: book.header })
    if (recent.size > mostRecent) recent.delete(recent.keys().next().value as Hex)
  }

  const giveBack = (call: Call, { units, epochUnits }: SetAside): void => {
    standing.giveBack(call, units)
    open -= epochUnits
  }

  /** Opens the log of an epoch, as it is on the disk or new with the accounts of the one before. */
  async function openEpoch(epoch: bigint): Promise<EpochBook> {
    const file = fileOf(folder, epoch)
    const header: LogHeader = { chainId, usageLedger, copyId, operator: operator as Address, epoch }
    const book = { header, count: 0n, stored: 0n, units: 0n } as EpochBook
    const { log, payloads } = await openAppendLog(file, {
      openFile: options.openFile,
      onFailure: () => {
        book.count = book.stored
      },
    })
    book.log = log
    if (payloads.length === 0) {
      const carried = standing.carried(clock.time())
      const records: LogRecord[] = [{ kind: 'header', header }, ...carried, { kind: 'ready' }]
      await Promise.all(records.map((record) => log.append(encodeRecord(record))))
      return book
    }
    if (!isHeader(payloads[0], header)) {
      await log.close()
      throw new KinmarkError('gateway.log-other', { file })
    }
    standing.clear()
    for (const payload of payloads.slice(1)) enter(decodeRecord(payload, header), payload, book)
    book.count = book.stored
    return book
  }

  let book = await openEpoch((await latestEpoch(folder)) ?? clock.epoch())

  async function turnTo(epoch: bigint): Promise<void> {
    await book.log.close()
    await rm(fileOf(folder, epoch), { force: true }) // left by a turn that failed, so nothing was signed in it
    book = await openEpoch(epoch)
  }
  const turn = async (): Promise<void> => {
    while (turning) await turning
    const epoch = clock.epoch()
    if (epoch <= book.header.epoch) return
    turning = turnTo(epoch).finally(() => {
      turning = null
    })
    await turning
  }
  await turn()

  async function store(record: LogRecord): Promise<void> {
    while (turning) await turning
    const own = book
    const payload = encodeRecord(record)
    await own.log.append(payload, () => enter(record, payload, own))
  }

  async function payloadsOf(epoch: bigint): Promise<Buffer[]> {
    const { payloads } = readFrames(await readFile(fileOf(folder, epoch)))
    return payloads.slice(1)
  }
  const receiptIn = (record: LogRecord): StoredReceipt | null =>
    record.kind === 'receipt' ? signer.signed(record.stored) : null
  async function search(epoch: bigint, wanted: { id?: Uint8Array; index?: bigint }): Promise<StoredReceipt | null> {
    const payload = (await payloadsOf(epoch)).find((each) => isReceipt(each, wanted))
    const stored = payload && receiptIn(decodeRecord(payload, { ...book.header, epoch }))
    // written but not yet synced: as if it were not there
    return stored && !(epoch === book.header.epoch && stored.receipt.index >= book.stored) ? stored : null
  }

  /** Reads whole logs, which is not for many at once. */
  let searching = false
  async function searchLogs(epochs: bigint[], id: Uint8Array): Promise<StoredReceipt | null> {
    for (const epoch of epochs) {
      const stored = await search(epoch, { id })
      if (stored) return stored
    }
    return null
  }

  return {
    operator,
    get epoch() {
      return book.header.epoch
    },
    get epochUnits() {
      return book.units
    },
    get failure() {
      return turning ? null : book.log.failure
    },
    newId: () => ids.newId(book.header.epoch),
    async issue({ id, user, promptHash, responseHash, salt, units, price, counted, paid, aside }) {
      while (turning || clock.epoch() > book.header.epoch) await turn()
      const { header, log } = book
      if (log.failure) throw log.failure
      const own = book
      const index = own.count++
      const receipt: Receipt = {
        ...{ copyId, epoch: header.epoch, index, user, promptHash, responseHash, units },
        issuedAt: clock.time(),
      }
      const hash = signer.hash(receipt)
      const leaf = signer.leaf(hash)
      const unsigned: StoredReceipt = { id, receipt, signature: '0x', salt, price, counted, leaf, paid }
      const record: LogRecord = { kind: 'receipt', stored: unsigned }
      const payload = encodeRecord(record)
      const stored = log.append(payload, () => {
        enter(record, payload, own)
        if (aside) giveBack({ user, price, paid }, aside)
      })
      const signature = signer.sign(hash) // while the disk writes
      await stored
      return { ...unsigned, signature }
    },
    account: async (user) => standing.accounts.get(user) ?? emptyAccount(user),
    accounts: async () => [...standing.accounts.values()],
    onAccount: async (user, act) => act(standing.account(user)),
    storeVoucher: (voucher) => store({ kind: 'voucher', voucher }),
    onPurse: async (owner, act) => act(standing.purse(owner)),
    purses: async () => [...standing.purses.values()],
    payment: async (payer, nonce) => standing.payment(payer, nonce),
    paymentNamed: async (payer, id) => standing.paymentNamed(payer, id),
    pendingPayments: async () => standing.pendingPayments(),
    async takePayment(payment) {
      const { payer, nonce, id } = payment
      const names = [`${payer} ${nonce}`, ...(id === null ? [] : [`${payer} ${id}`])]
      const known = standing.payment(payer, nonce) ?? (id === null ? null : standing.paymentNamed(payer, id))
      if (known || names.some((name) => taking.has(name))) throw new KinmarkError('gateway.payment-busy')
      for (const name of names) taking.add(name)
      await store({ kind: 'payment', payment, answered: null }).finally(() => {
        for (const name of names) taking.delete(name)
      })
    },
    storePayment: (payment) => store({ kind: 'payment', payment, answered: null }),
    async openUnits(units, cap) {
      if (book.units + open + units > cap) throw new KinmarkError('gateway.key-cap-reached', { cap })
      open += units
    },
    giveBack: async (call, aside) => giveBack(call, aside),
    leads: async () => true,
    async find(id) {
      const found = recent.get(id)
      if (found) return receiptIn(decodeRecord(Buffer.from(found.payload), found.about))
      const given = ids.epochOf(id)
      // an answer that began in one epoch may have ended in the next
      const epochs = (await epochsIn(folder)).filter((epoch) => epoch === given || epoch === given + 1n)
      if (epochs.length === 0) return null
      if (searching) throw new KinmarkError('serve.busy', { waiting: 1 })
      searching = true
      return searchLogs(epochs, hexToBytes(id)).finally(() => {
        searching = false
      })
    },
    async closedEpochs() {
      return (await epochsIn(folder)).filter((epoch) => epoch < book.header.epoch)
    },
    async leaves(epoch) {
      const leaves = (await payloadsOf(epoch)).flatMap((payload) => leafIn(payload) ?? [])
      const hashes = new Uint8Array(32 * leaves.length)
      for (const [i, { hash }] of leaves.entries()) hashes.set(hash, 32 * i)
      return { epoch, hashes, units: leaves.map(({ units }) => units) }
    },
    receiptAt: (epoch, index) => search(epoch, { index }),
    turn,
    async close() {
      while (turning) await turning
      await book.log.close()
    },
  }
}

/** What the owners of purses have spent, as the last log says, also while a gateway writes it: USDC of 12 decimals. */
export async function spentOf(folder: string): Promise<Map<Hex, bigint>> {
  const standing = emptyStanding()
  for (const epoch of (await epochsIn(folder).catch(() => [])).reverse()) {
    const { payloads } = readFrames(await readFile(fileOf(folder, epoch)))
    if (!payloads.some(isReady)) continue
    const first = decodeRecord(payloads[0], null)
    const about = first.kind === 'header' ? first.header : null
    for (const payload of payloads.slice(1)) standing.enter(decodeRecord(payload, about))
    break
  }
  return new Map([...standing.purses.values()].map(({ owner, spent }) => [owner, spent]))
}

/** Epochs that have a log, oldest first. */
export async function epochsIn(folder: string): Promise<bigint[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{12}\.log$/.test(name))
  return names.sort().map((name) => BigInt(name.slice(0, 12)))
}

/** What was stored in an epoch’s log, receipts without their signatures; nothing where it was never begun. Throws `gateway.log-damaged` and `gateway.log-other`. */
export async function recordsIn(
  folder: string,
  epoch: bigint,
  about: Pick<LogHeader, 'chainId' | 'usageLedger' | 'copyId' | 'operator'>,
): Promise<LogRecord[]> {
  const file = fileOf(folder, epoch)
  const { payloads, damaged, end } = readFrames(await readFile(file))
  if (damaged) throw new KinmarkError('gateway.log-damaged', { file, offset: end })
  if (!payloads.some(isReady)) return []
  const header = { ...about, epoch }
  if (!isHeader(payloads[0], header)) throw new KinmarkError('gateway.log-other', { file })
  return payloads.slice(1).map((payload) => decodeRecord(payload, header))
}

/** The last epoch whose log was begun. One that a crash kept from beginning is removed. */
async function latestEpoch(folder: string): Promise<bigint | null> {
  for (const epoch of (await epochsIn(folder)).reverse()) {
    const file = fileOf(folder, epoch)
    const { payloads, damaged, end } = readFrames(await readFile(file))
    if (damaged) throw new KinmarkError('gateway.log-damaged', { file, offset: end })
    if (payloads.some(isReady)) return epoch
    await rm(file)
  }
  return null
}

function isHeader(payload: Buffer, expected: LogHeader): boolean {
  const record = decodeRecord(payload, null)
  return (
    record.kind === 'header' &&
    Object.entries(expected).every(([name, value]) => record.header[name as keyof LogHeader] === value)
  )
}
