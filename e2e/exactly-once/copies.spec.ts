import type { Page } from '@playwright/test'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { treasuryAbi } from '../../lib/chain/generated'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { deployment, faucet, nameMinter, orderGarbage, passAnswerWindow, passSeconds, protocolSeconds } from '../chain'
import { buy } from '../steps'
import { expect, signIn, test } from '../wallet'
import { copyEvent, play, publish, tiny } from './play'

test('error: a copy is accepted, closed and emptied once, whatever the wallet does', { tag: '@time' }, async ({
  person,
}) => {
  const buyer = await person()
  const { page } = buyer
  await page.goto(`/models/${tiny}`)
  await signIn(page)
  const id = BigInt(await buy(buyer, parseUsdc('1000')))
  const path = `/copies/${id}`
  await play('copy', 'copy: accept', buyer, { path, name: 'Accept the copy', event: copyEvent('Accepted', id) })
  const confirm = (page: Page) => page.getByRole('button', { name: 'Close copy', exact: true }).click()
  await play('copy', 'copy: close', buyer, { path, name: 'Close the copy', confirm, event: copyEvent('Closing', id) })
  await passSeconds(1n + (await protocolSeconds('thaw')))
  const done = (page: Page) => expect(page.getByRole('status', { name: 'State' })).toHaveText('closed')
  const event = copyEvent('CollateralReturned', id)
  await play('copy', 'copy: withdraw', buyer, { path, name: 'Withdraw collateral', event, done })
})

test(
  'error: a delivery is refused, refunded and its penalty claimed once, whatever the wallet does',
  { tag: '@time' },
  async ({ person }, info) => {
    const [creator, buyer] = [await person(), await person()]
    const minter = privateKeyToAccount(generatePrivateKey())
    const { account } = buyer.wallet
    const model = await publish(creator, info.outputPath('model'))
    await nameMinter(creator.wallet.account, model, minter)
    await faucet(account, parseUsdc('75'))
    const id = await orderGarbage(account, model, minter)
    const { page } = buyer
    const listed = async () => (await page.request.get(`/api/copies/${id}`)).status()
    await expect.poll(listed).toBe(200)
    const path = `/copies/${id}`
    await page.goto(path)
    await signIn(page)

    const unfold = (page: Page) => page.getByText('Refuse this delivery').click()
    const fill = async (page: Page) => {
      await page.getByLabel('Nothing with the delivery’s hash is at its address', { exact: false }).check()
      const form = page.getByRole('region', { name: 'Is something wrong?' })
      await form.getByLabel('Evidence').fill('There is no host at files.example.')
    }
    await play('refusal', 'refuseWrite', buyer, {
      path,
      name: 'Refuse the delivery',
      unfold,
      fill,
      event: copyEvent('DeliveryRefused', id),
    })
    await passAnswerWindow()
    await play('refusal', 'copy: refund', buyer, { path, name: 'Request refund', event: copyEvent('Refunded', id) })
    const { treasury: address } = deployment().contracts
    await play('refusal', 'claimWrite', buyer, {
      path: '/earnings',
      name: 'Claim all',
      event: { address, abi: treasuryAbi, eventName: 'CreditClaimed', args: { account: account.address } },
      done: (page) => expect(page.getByText(/Claimed in block/)).toBeVisible(),
    })
  },
)
