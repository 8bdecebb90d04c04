import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  advance,
  beginWrite,
  isWriteRecord,
  mayLand,
  type Settled,
  type Sight,
  type WriteEvent,
  type WriteRecord,
} from './record'

const account = '0x52908400098527886E0F7030069857D2E4169EE7'
const other = '0x27b1fdb04752bbc536007a920d24acb045561c26'
const hash = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const
const proof = { address: other, topics: [hash(1)] } as const
const begin = (changes: Partial<WriteRecord> = {}): WriteRecord => ({
  ...beginWrite({ id: 'a', account, since: 10, firstNonce: 5, expires: 1000, proof: { ...proof, topics: [hash(1)] } }),
  ...changes,
})
const sight = (changes: Partial<Sight> = {}): Sight => ({
  head: 12,
  time: 500,
  count: 5,
  waiting: null,
  settled: null,
  ...changes,
})
const settled = (changes: Partial<Settled> = {}): Settled => ({
  hash: hash(7),
  from: account,
  nonce: 5,
  block: 12,
  success: true,
  proven: true,
  ...changes,
})
const looked = (changes: Partial<Sight> = {}, finalBlocks = 2): WriteEvent => ({
  type: 'looked',
  sight: sight(changes),
  finalBlocks,
})
const after = (record: WriteRecord, ...events: WriteEvent[]) => events.reduce(advance, record)
const answered: WriteEvent = { type: 'answered', hash: hash(7) }

test('behavior: only a record is taken for a record, however it got into storage', () => {
  expect(isWriteRecord(JSON.parse(JSON.stringify(begin())))).toBe(true)
  for (const other of [
    null,
    5,
    'x',
    [],
    {},
    { ...begin(), stage: 'paid' },
    { ...begin(), proof: null },
    { ...begin(), since: '1' },
  ])
    expect(isWriteRecord(other)).toBe(false)
})

test('default: asked, sent, seen waiting, included, final', () => {
  let record = begin()
  const stages = [
    answered,
    looked({ waiting: { nonce: 5 } }),
    looked({ settled: settled() }),
    looked({ settled: settled(), head: 14 }),
  ].map((event) => {
    record = advance(record, event)
    return [record.stage, mayLand(record)]
  })
  expect(stages).toEqual([
    ['sent', true],
    ['sent', true],
    ['included', false],
    ['final', false],
  ])
  expect(record).toMatchObject({ nonce: 5, block: 12, hash: hash(7) })
})

test('behavior: only the event is believed', () => {
  const sent = after(begin(), answered, looked({ waiting: { nonce: 5 } }))
  const stage = (changes: Partial<Settled>) => after(sent, looked({ settled: settled(changes) })).stage
  expect(stage({ hash: hash(8) })).toBe('included')
  expect(stage({ hash: hash(8), proven: false })).toBe('cancelled')
  expect(stage({ proven: false, success: false })).toBe('reverted')
  expect(stage({ from: other, proven: true })).toBe('included')
})

test('behavior: a hash of another account’s transaction, or of an older one, settles nothing', () => {
  const sent = after(begin(), answered)
  for (const changes of [{ from: other } as const, { nonce: 4 }]) {
    const look = looked({ settled: settled({ ...changes, proven: false }) })
    expect(after(sent, look, look, look)).toMatchObject({ stage: 'missing', nonce: null })
  }
})

test.each([
  ['whose hash the chain does not know', [answered], 'missing'],
  ['that the chain has forgotten', [answered, looked({ waiting: { nonce: 5 } })], 'dropped'],
  ['whose wallet said nothing', [{ type: 'silent' }], 'silent'],
] as [string, WriteEvent[], string][])(
  'behavior: a payment %s is not offered again until it is too late for it',
  (_, events, stage) => {
    const lost = after(begin(), ...events, looked(), looked(), looked())
    expect([lost.stage, mayLand(lost)]).toEqual([stage, true])
    expect(mayLand(after(lost, looked({ time: 1060 })))).toBe(true)
    const late = after(lost, looked({ time: 1061 }))
    expect([late.stage, mayLand(late)]).toEqual(['expired', false])
    const harmless = { ...lost, expires: null }
    expect(mayLand(harmless)).toBe(false)
  },
)

test('behavior: the nonce was used by a transaction that the node does not show', () => {
  const sent = after(begin(), answered, looked({ waiting: { nonce: 5 } }))
  const look = looked({ count: 6 })
  expect(after(sent, look, look).stage).toBe('sent')
  expect(after(sent, look, look, look).stage).toBe('cancelled')
})

test('behavior: a block that disappears takes the success with it', () => {
  const included = after(begin(), answered, looked({ settled: settled() }))
  const lost = after(included, looked())
  expect([lost.stage, lost.block, mayLand(lost)]).toEqual(['sent', null, true])
  expect(after(lost, looked({ settled: settled({ block: 13 }) }))).toMatchObject({ stage: 'included', block: 13 })
})

test('behavior: a local chain that was started anew forgets, and a node that is behind does not', () => {
  const sent = after(begin(), answered, looked({ waiting: { nonce: 5 } }))
  const anew = after(sent, ...Array(3).fill(looked({ head: 3, count: 0 }, 0)))
  expect([anew.stage, mayLand(anew)]).toEqual(['expired', false])
  const behind = after(sent, ...Array(3).fill(looked({ head: 3 }, 12)))
  expect([behind.stage, mayLand(behind)]).toEqual(['dropped', true])
})

test('behavior: what was declined is over, and a hash that arrives late is followed', () => {
  expect(mayLand(after(begin(), { type: 'declined' }))).toBe(false)
  const late = after(begin(), { type: 'silent' }, answered)
  expect([late.stage, late.hash]).toEqual(['sent', hash(7)])
})

/**
 * A chain with one account, a wallet that does what it likes, and pages that close at any moment. A payment with a permit
 * takes money once per permit nonce and not after its deadline, as EIP-2612 has it.
 */
class World {
  time = 100
  head = 10
  blocks: { nonce: number; hash: `0x${string}`; proven: boolean; success: boolean; block: number }[] = []
  pool: { nonce: number; hash: `0x${string}`; attempt: number | null; expires: number }[] = []
  limbo: typeof this.pool = []
  record: WriteRecord | null = null
  asked: { attempt: number; expires: number; sent: boolean }[] = []
  paid: number[] = []
  hashes = 100

  get count() {
    return 5 + this.blocks.length
  }

  /** A page offers to pay, as the hook does: only when nothing earlier can land. */
  ask(seconds: number): void {
    if (this.record && (mayLand(this.record) || this.record.stage === 'included' || this.record.stage === 'final'))
      return
    const expires = this.time + seconds
    const attempt = this.asked.length
    this.asked.push({ attempt, expires, sent: false })
    this.record = begin({ id: String(attempt), since: this.head, firstNonce: this.count, expires })
  }

  /** The wallet sends what it was asked for, tells its hash or not, or tells a wrong one, at any later time. */
  send(which: number, answer: 'hash' | 'nothing' | 'lie'): void {
    const asked = this.asked.at(-1 - which)
    if (!asked || asked.sent) return
    asked.sent = true
    const nonce = Math.max(this.count, ...this.pool.map((tx) => tx.nonce + 1))
    const sent = { nonce, hash: hash(this.hashes++), attempt: asked.attempt, expires: asked.expires }
    this.pool.push(sent)
    if (answer !== 'nothing' && which === 0)
      this.tell({ type: 'answered', hash: answer === 'hash' ? sent.hash : hash(3) })
  }

  /** The person speeds up or cancels the oldest waiting transaction. */
  replace(cancel: boolean): void {
    const [oldest] = this.pool
    if (oldest) this.pool.push({ ...oldest, hash: hash(this.hashes++), attempt: cancel ? null : oldest.attempt })
  }

  /** The network forgets a transaction; the wallet may send it again later. */
  drop(): void {
    const dropped = this.pool.shift()
    if (dropped) this.limbo.push(dropped)
  }

  rebroadcast(): void {
    const again = this.limbo.shift()
    if (again && again.nonce >= this.count) this.pool.push(again)
  }

  mine(newest: boolean, seconds: number): void {
    this.time += seconds
    this.head++
    const ready = this.pool.filter(({ nonce }) => nonce === this.count)
    const tx = newest ? ready.at(-1) : ready[0]
    if (!tx) return
    const proven = tx.attempt !== null && this.time <= tx.expires
    this.blocks.push({
      nonce: tx.nonce,
      hash: tx.hash,
      proven,
      success: tx.attempt === null || proven,
      block: this.head,
    })
    this.pool = this.pool.filter(({ nonce }) => nonce !== tx.nonce)
    if (proven) this.paid.push(tx.attempt as number)
  }

  tell(event: WriteEvent): void {
    if (this.record) this.record = advance(this.record, event)
  }

  look(forgetful: boolean): void {
    const record = this.record
    if (!record) return
    const mined = this.blocks.filter(({ block }) => block > record.since)
    const found =
      mined.find((tx) => tx.proven) ??
      mined.find((tx) => tx.hash === record.hash) ??
      (forgetful ? undefined : mined.find((tx) => tx.nonce === record.nonce))
    const waiting = this.pool.find((tx) => tx.hash === record.hash) ?? null
    const settled = found ? ({ ...found, from: account } as const) : null
    this.tell(
      looked({ head: this.head, time: this.time, count: this.count, waiting: settled ? null : waiting, settled }),
    )
  }
}

const steps = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), seconds: fc.integer({ min: 10, max: 600 }) }),
  fc.record({ do: fc.constant('send' as const), answer: fc.constantFrom('hash', 'nothing', 'lie'), which: fc.nat(2) }),
  fc.record({ do: fc.constant('replace' as const), cancel: fc.boolean() }),
  fc.record({ do: fc.constant('drop' as const) }),
  fc.record({ do: fc.constant('rebroadcast' as const) }),
  fc.record({ do: fc.constant('mine' as const), newest: fc.boolean(), seconds: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ do: fc.constant('look' as const), forgetful: fc.boolean(), times: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('silence' as const) }),
)

function take(world: World, step: typeof steps extends fc.Arbitrary<infer T> ? T : never): void {
  if (step.do === 'ask') world.ask(step.seconds)
  if (step.do === 'send') world.send(step.which, step.answer)
  if (step.do === 'replace') world.replace(step.cancel)
  if (step.do === 'drop') world.drop()
  if (step.do === 'rebroadcast') world.rebroadcast()
  if (step.do === 'mine') world.mine(step.newest, step.seconds)
  if (step.do === 'look') for (let i = 0; i < step.times; i++) world.look(step.forgetful)
  if (step.do === 'silence') world.tell({ type: 'silent' })
}

test('property: whatever wallet, chain and pages do, nothing is paid twice and no success is false', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 60, size: 'max' }), (history) => {
      const world = new World()
      for (const step of history) {
        take(world, step)
        expect(world.paid.length).toBeLessThanOrEqual(1)
        const claimed = world.record?.stage === 'included' || world.record?.stage === 'final'
        if (claimed) expect(world.paid).toHaveLength(1)
      }
    }),
    { numRuns: 3000 },
  )
})

test('property: in the end every payment is settled, and the page says what happened', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40, size: 'max' }), (history) => {
      const world = new World()
      for (const step of history) take(world, step)
      for (let i = 0; i < 4; i++) world.mine(true, 200)
      for (let i = 0; i < 4; i++) world.look(false)
      if (!world.record) return
      expect(mayLand(world.record)).toBe(false)
      const last = world.asked.length - 1
      expect(['included', 'final'].includes(world.record.stage)).toBe(world.paid.includes(last))
    }),
    { numRuns: 3000 },
  )
})
