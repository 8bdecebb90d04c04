import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, type Hex, keccak256, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { challengeCourtAbi, usageLedgerAbi, userLedgerAbi } from '../lib/chain/generated'
import { parseUsdc } from '../lib/format/parse-usdc'
import { type Receipt, receiptHash } from '../lib/metering/receipt'
import { freePort } from '../test/free-port'
import { type HostProgram, serveQuill, startGatewayProgram } from '../test/host-programs'
import { startSlowProxy } from '../test/slow-proxy'
import { allowBonds, chain, deployment, faucet, rpcUrl, send } from './chain'
import { checkScreen, takePictures } from './look'
import { here } from './place'
import { buy, nextEpoch } from './steps'
import { expect, type Person, signIn, test } from './wallet'

const price = parseUsdc('20')
const programs: Pick<HostProgram, 'stop'>[] = []
test.afterAll(async () => {
  for (const program of programs.reverse()) await program.stop()
})

const paidFor = (units: bigint) => (units * price + 999_999n) / 1_000_000n

function reservationOf(copy: bigint, user: Address) {
  const { userLedger: address } = deployment().contracts
  return chain.readContract({ address, abi: userLedgerAbi, functionName: 'reservations', args: [copy, user] })
}

function depositOf(account: Address): Promise<bigint> {
  const { userLedger: address } = deployment().contracts
  return chain.readContract({ address, abi: userLedgerAbi, functionName: 'balanceOf', args: [account] })
}

/** Tokens of every answer in the chat, as the page shows them. */
async function tokensShown({ page }: Person): Promise<bigint> {
  const texts = await page
    .getByRole('main')
    .getByText(/^\d+ tokens, [\d.]+ USDC$/)
    .allInnerTexts()
  return texts.reduce((sum, text) => sum + BigInt(text.split(' ')[0]), 0n)
}

async function ask({ page }: Person, question: string): Promise<void> {
  const before = await page.getByText(/^\d+ tokens, /).count()
  await page.getByLabel('Your message').fill(question)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText(/^\d+ tokens, /)).toHaveCount(before + 1)
}

type ShownReceipt = { receipt: Record<string, string>; signature: Hex }

/** Somebody claims that a receipt is missing in its report, which it is not. */
async function challenge(copy: bigint, { receipt: shown, signature }: ShownReceipt): Promise<void> {
  const { contracts } = deployment()
  const challenger = privateKeyToAccount(generatePrivateKey())
  await faucet(challenger, parseUsdc('1000'))
  await allowBonds(challenger, 'challengeCourt')
  const whole = ['copyId', 'epoch', 'index', 'units', 'issuedAt']
  const fields = Object.entries(shown).map(([name, value]) => [name, whole.includes(name) ? BigInt(value) : value])
  const receipt = Object.fromEntries(fields) as Receipt
  const event = { address: contracts.usageLedger, abi: usageLedgerAbi, eventName: 'Reported' } as const
  const args = { copyId: copy, epoch: receipt.epoch }
  const [{ args: filed }] = await chain.getContractEvents({ ...event, args, fromBlock: 0n })
  const court = { address: contracts.challengeCourt, abi: challengeCourtAbi } as const
  const salt = keccak256(toHex('salt'))
  const committed = [challenger.address, receiptHash(receipt), salt] as const
  const commitment = await chain.readContract({ ...court, functionName: 'commitmentOf', args: committed })
  await send(challenger, { ...court, functionName: 'commit', args: [commitment] })
  await chain.mine({ blocks: 3, interval: 1 })
  const { count, units, receiptsRoot } = filed
  const report = { copyId: copy, epoch: receipt.epoch, count, units, receiptsRoot }
  await send(challenger, { ...court, functionName: 'missing', args: [receipt, signature, report, salt] })
}

test(
  'default: somebody starts hosting, a user chats in the page and pays, and the money moves',
  { tag: '@time' },
  async ({ person }, info) => {
    const ownerKey = generatePrivateKey()
    const host = await person(privateKeyToAccount(ownerKey))
    const user = await person()
    const look = (one: Person, name: string, path: string) =>
      test.step(name, () => checkScreen(one.page, { name, path }, info))
    const { data } = here()
    const folder = mkdtempSync(join(tmpdir(), 'kinmark-host-'))

    await host.page.goto('/hosting')
    await signIn(host.page)
    await expect(host.page.getByText('You serve nothing yet.')).toBeVisible()
    await look(host, 'hosting-empty', '/hosting')
    await host.page.goto('/models/1')
    const copy = await buy(host, parseUsdc('1000'))
    await host.page.getByRole('button', { name: 'Accept the copy' }).click()
    await expect(host.page.getByRole('status', { name: 'State' })).toHaveText(/active/)

    const served = await serveQuill()
    const slow = await startSlowProxy(served.url, 60)
    programs.push(served.program, slow)
    const port = await freePort(1)
    const start = (key?: Hex) => {
      const program = startGatewayProgram({
        copy,
        upstream: slow.url,
        port,
        rpcUrl: rpcUrl(),
        data,
        folder,
        ownerKey: key,
      })
      programs.push(program)
      return program
    }
    const first = start()
    const [, operator] = await first.said(/registers the operator key (0x[0-9a-fA-F]{40})/)
    await test.step('the walkthrough asks for the one transaction', async () => {
      const { page } = host
      await page.goto('/hosting')
      await page.getByLabel('Public address').fill(`http://127.0.0.1:${port}/v1`)
      await page.getByLabel('Operator key').fill(operator)
      await page.getByLabel('Price of a million tokens').fill('20')
      await page.getByRole('button', { name: 'Open the deployment' }).click()
      await expect(page.getByRole('region', { name: `Copy ${copy} of tiny` })).toBeVisible()
    })
    await first.said(/Serving copy/)
    await first.stop()
    const gateway = start(ownerKey)
    await gateway.said(/Serving copy/)

    await user.page.goto('/models/1#hosts')
    await expect(user.page.getByRole('link', { name: `Chat with the host of copy ${copy}` })).toBeVisible()
    await expect(async () => {
      await user.page.reload()
      await expect(user.page.getByText(/\d ms|\d s$/).first()).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await look(user, 'model-hosts', '/models/1#hosts')
    await user.page.getByRole('link', { name: `Chat with the host of copy ${copy}` }).click()
    await user.page.waitForURL(`/hosts/${copy}/1`)
    await signIn(user.page)
    const { account } = user.wallet
    await faucet(account, parseUsdc('3'))
    await user.page.reload()
    await user.page.getByLabel('Amount to reserve').fill('2')
    await user.page.getByRole('button', { name: 'Reserve and start' }).click()
    await expect(user.page.getByLabel('Your message')).toBeVisible()
    expect(await reservationOf(BigInt(copy), account.address)).toMatchObject({ amount: parseUsdc('2') })
    await ask(user, 'What is 47 plus 38?')
    await ask(user, 'And 12 plus 9?')
    await test.step('an answer is stopped, and costs what arrived', async () => {
      const { page } = user
      await page.getByLabel('Your message').fill('Tell me a long story about a fox and a lantern.')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByRole('button', { name: 'Stop' }).click()
      await expect(page.getByText(/Stopped|^Cost nothing/).first()).toBeVisible()
      await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible()
    })
    await ask(user, 'What is 3 plus 4?')
    const units = await tokensShown(user)
    const shown = JSON.parse((await user.page.locator('pre', { hasText: 'promptHash' }).first().textContent()) ?? '')
    const accounts = `http://127.0.0.1:${port}/v1/kinmark/accounts/${account.address}`
    await expect.poll(async () => (await (await fetch(accounts)).json()).units).toBe(`${units}`)
    if (process.env.KINMARK_PICTURES) await takePictures(user.page, 'chat', info) // with its answers, before a reload
    await look(user, 'host', `/hosts/${copy}/1`)

    await host.page.goto(`/hosting/${copy}/1`)
    await host.page.getByRole('button', { name: 'Show what it does' }).click()
    await expect(host.page.getByText('Charged to them so far')).toBeVisible()
    await checkScreen(
      host.page,
      {
        name: 'hosting-live',
        path: `/hosting/${copy}/1`,
        ready: (page) => page.getByRole('button', { name: 'Show what it does' }).click(),
      },
      info,
    )

    await test.step('the epoch ends: the report and the settlement equal the receipts', async () => {
      await nextEpoch(user.page)
      await gateway.said(/is reported: \d+ receipts/)
      await gateway.said(/Settled \d+ vouchers/)
      const paid = paidFor(units)
      const reserved = parseUsdc('2')
      await expect
        .poll(() => reservationOf(BigInt(copy), account.address))
        .toMatchObject({ amount: reserved - paid, settledUnits: units, settledAmount: paid })
    })
    const usage = { address: deployment().contracts.usageLedger, abi: usageLedgerAbi } as const
    const reportsOfCopy = { ...usage, eventName: 'Reported', args: { copyId: BigInt(copy) }, fromBlock: 0n } as const
    /** On a slow machine an epoch ends between two answers, and there is a report of each. */
    const seesReports = ({ page }: Person) =>
      expect(async () => {
        const filed = await chain.getContractEvents(reportsOfCopy)
        // Checks of the host are requests too, and are reported.
        expect(filed.reduce((sum, { args }) => sum + (args.units ?? 0n), 0n)).toBeGreaterThanOrEqual(units)
        const reports = page.getByRole('region', { name: 'Reports' })
        await expect(reports.getByRole('row')).toHaveCount(1 + filed.length)
        for (const { args } of filed) await expect(reports).toContainText(`${args.units}`)
      }).toPass()
    await host.page.goto('/hosting')
    await seesReports(host)
    expect(await depositOf(host.wallet.account.address)).toBeGreaterThan(0n)
    await look(host, 'hosting-healthy', '/hosting')
    await look(user, 'copy-served', `/copies/${copy}`)
    await seesReports(user)

    await test.step('prepaid fees that are almost used up are an alert', async () => {
      await allowBonds(host.wallet.account, 'usageLedger')
      await send(host.wallet.account, { ...usage, functionName: 'deposit', args: [BigInt(copy), 1n] })
      await expect(async () => {
        await host.page.reload()
        await expect(host.page.getByText('do not pay another epoch')).toBeVisible({ timeout: 5_000 })
      }).toPass()
    })
    await look(host, 'hosting-escrow-low', '/hosting')

    await test.step('a challenge is open while the gateway is away, and answered when it is back', async () => {
      await nextEpoch(host.page) // reports can be challenged once their time is over
      await gateway.stop()
      await challenge(BigInt(copy), shown)
      await expect(async () => {
        await host.page.reload()
        await expect(host.page.getByText('A receipt was challenged as missing.')).toBeVisible({ timeout: 5_000 })
      }).toPass()
      await look(host, 'hosting-challenged', '/hosting')
      const again = start(ownerKey)
      await again.said(/Answered the challenge of receipt \d+/)
      await expect(async () => {
        await host.page.reload()
        await expect(host.page.getByText('answered: the receipt is in the report')).toBeVisible({ timeout: 5_000 })
      }).toPass()
    })
  },
)
