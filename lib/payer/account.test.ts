import { expect, test } from 'vitest'
import { adopt, charge, emptyPayerAccount, payerAccountSchema, payerAccountToJson, promise } from './account'

const price = 4_000_000n

test('default: a voucher promises what was used and the most that the next call may cost', () => {
  const first = promise(emptyPayerAccount, 100n, price)
  expect(first.totals).toEqual({ cumulativeUnits: 100n, cumulativeAmount: 400n })
  const charged = charge(first.account, 30n, price)
  expect(charged).toEqual({ units: 30n, cost: 120_000_000n, promised: 100n, signed: [100n] })
  expect(promise(charged, 50n, price).totals).toEqual({ cumulativeUnits: 80n, cumulativeAmount: 320n })
})

test('behavior: no total is signed twice, since a host takes no voucher twice', () => {
  const { account } = promise(emptyPayerAccount, 100n, price)
  expect(promise(account, 100n, price).totals.cumulativeUnits).toBe(101n)
})

test('behavior: a host’s own count is taken within what was promised and signed for', () => {
  const { account } = promise(charge(emptyPayerAccount, 30n, price), 70n, price)
  expect(adopt(account, { units: 60n, cost: 240_000_000n }, price)).toMatchObject({ units: 60n, promised: 100n })
  expect(adopt(account, { units: 101n, cost: 404_000_000n }, price)).toBeNull()
  expect(adopt(account, { units: 29n, cost: 116_000_000n }, price)).toBeNull()
  expect(adopt(account, { units: 60n, cost: 240_000_001n }, price)).toBeNull()
})

test('behavior: a device that has promised nothing yet goes on where another stopped', () => {
  expect(adopt(emptyPayerAccount, { units: 500n, cost: 2_000_000_000n }, price)).toMatchObject({
    units: 500n,
    promised: 500n,
  })
})

test('default: JSON keeps every unit', () => {
  const { account } = promise(charge(emptyPayerAccount, 2n ** 60n, price), 70n, price)
  expect(payerAccountSchema.parse(JSON.parse(JSON.stringify(payerAccountToJson(account))))).toEqual(account)
})
