import { writeFile } from 'node:fs/promises'
import { parseUsdc } from '../lib/format/parse-usdc'
import { splitDown } from '../lib/money/split'
import { recordedAnswers } from '../test/served'
import { claimable, faucet, originBond, usdOf } from './chain'
import {
  buy,
  copyModel,
  disclosedOf,
  download,
  keysOfCopy,
  nextEpoch,
  openModel,
  publishUnsold,
  signAndPublish,
  uniqueName,
  upload,
  verifyFolder,
} from './steps'
import { expect, signIn, test } from './wallet'

const price = parseUsdc('30')
const collateral = parseUsdc('60')
const name = uniqueName('bard')
const parentName = uniqueName('scribe')

test('default: publish a child, sell a fingerprinted copy, trace it, and pay everyone their exact share', async ({
  person,
}, info) => {
  const creator = await person()
  const buyer = await person()
  const parentCreator = await person()
  const [folder, parentFolder] = ['bard', 'scribe'].map((file) => info.outputPath(file))
  const card = `---\nlicense: cc0-1.0\npipeline_tag: text-generation\n---\n# ${name}\nA model that speaks in verse.\n`
  copyModel('tiny-shakespeare', folder, card)
  copyModel('tiny', parentFolder, `# ${parentName}\nA model that others build on.\n`)
  await faucet(creator.wallet.account, originBond)
  await faucet(parentCreator.wallet.account, originBond)

  const parentId = await test.step('a creator publishes the parent', async () => {
    const { page } = parentCreator
    await page.goto('/publish')
    await signIn(page)
    await upload(page, parentFolder)
    return BigInt(await publishUnsold(parentCreator))
  })

  const modelId = await test.step('another creator publishes its child', async () => {
    const { page } = creator
    await page.goto('/publish')
    await signIn(page)
    await upload(page, folder)
    await page.getByLabel('Price of a copy').fill('30')
    await page.getByLabel('Collateral').fill('60')
    await page.getByLabel('Add a parent').fill(parentName)
    await page.getByRole('button', { name: `Add ${parentName} as parent` }).click()
    const earns = page.getByRole('list', { name: 'Split of 30.00 USDC' })
    await expect(earns).toContainText(`${parentName}, as ancestor`)
    const id = BigInt(await signAndPublish(page))
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    return id
  })

  let copyId = ''
  let copyFolder = ''
  let keys = 0

  await test.step('a buyer buys a copy, waits until it is minted, and downloads it', async () => {
    const { page } = buyer
    await openModel(page, name)
    await signIn(page)
    copyId = await buy(buyer, price + collateral)
    keys = await keysOfCopy(page)
    copyFolder = await download(page, info.outputPath('copy'))
    expect(await usdOf(buyer.wallet.account.address)).toBe(0n)
  })

  await test.step('the buyer accepts it early in an epoch, which distributes the payment', async () => {
    const { page } = buyer
    await nextEpoch(page)
    await page.getByRole('button', { name: 'Accept the copy' }).click()
    await expect(page.getByRole('status', { name: 'State' })).toHaveText('active')
  })

  await test.step('the buyer verifies the disclosed keys in the browser', async () => {
    const { page } = buyer
    await page.getByRole('link', { name: 'Verify fingerprints' }).click()
    await page.getByRole('button', { name: `Copy ${copyId} of ${name}`, exact: true }).click()
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await expect(verdict).toContainText(`This is a fingerprinted copy of ${name}`)
    await expect(verdict).toContainText('match this copy')
  })

  await test.step('the creator verifies the downloaded folder, and the copy is named', async () => {
    const { page } = creator
    await verifyFolder(page, { folder: copyFolder, keys: `${name} your model` })
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await expect(verdict).toContainText(`This is a fingerprinted copy of ${name}`)
    await expect(verdict.getByRole('link', { name: `copy ${copyId}` })).toBeVisible()
    const [, answered, secret] = /(\d+) of (\d+) secret keys were answered/.exec(await verdict.innerText()) ?? []
    expect(Number(secret)).toBe(keys - disclosedOf(keys))
    expect(Number(answered) / Number(secret)).toBeGreaterThanOrEqual(0.85)
  })

  await test.step('the creator drops answers that a host of the copy gave, and the copy is named', async () => {
    const { page } = creator
    const answers = info.outputPath('answers.jsonl')
    await writeFile(answers, await recordedAnswers(copyFolder, 32))
    await page.goto('/verify')
    await page.getByLabel('Suspect: files').setInputFiles(answers)
    await page.getByRole('radio', { name: `${name} your model` }).click()
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await expect(verdict).toContainText(`A fingerprinted copy of ${name} wrote these answers`, { timeout: 180_000 })
    await expect(verdict.getByRole('link', { name: `copy ${copyId}` })).toBeVisible()
    await page.reload()
    await expect(verdict).toContainText(/tokens of \d+ answers were read/)
  })

  await test.step('the creator claims, and the balance on the chain is what the terms give', async () => {
    const { page } = creator
    const split = splitDown(price, { protocolBps: 250, proverBps: 250, minterBps: 500 }, [
      { id: parentName, royaltyBps: 1000 },
    ])
    await page.goto('/earnings')
    const ready = page.getByRole('region', { name: 'Ready to claim' })
    await expect(ready).toContainText('24.30 USDC more accrues until')
    await expect(page.getByRole('button', { name: 'Claim all' })).toBeDisabled()
    await nextEpoch(page)
    await nextEpoch(page)
    await expect(ready).toContainText('24.30')
    await expect(ready).not.toContainText('accrues')
    await page.getByRole('button', { name: 'Claim all' }).click()
    await expect(page.getByText(/Claimed in block/)).toBeVisible()
    expect(await usdOf(creator.wallet.account.address)).toBe(split.shares)
    expect(await claimable(modelId, creator.wallet.account.address)).toBe(0n)
  })

  await test.step('the parent’s creator claims the royalty in the same way', async () => {
    const { page, wallet } = parentCreator
    await page.goto('/earnings')
    await expect(page.getByRole('region', { name: 'Ledger', exact: true })).toContainText(`Royalty from ${name}`)
    await page.getByRole('button', { name: 'Claim all' }).click()
    await expect(page.getByText(/Claimed in block/)).toBeVisible()
    expect(await claimable(parentId, wallet.account.address)).toBe(0n)
    expect(await usdOf(wallet.account.address)).toBe(parseUsdc('2.7'))
  })

  await test.step('the buyer closes the copy, lets the thaw of 90 minutes pass, and takes back the collateral without the leak bond', async () => {
    const { page, wallet } = buyer
    await page.goto(`/copies/${copyId}`)
    await page.getByRole('button', { name: 'Close the copy' }).click()
    await expect(page.getByRole('alertdialog')).toContainText(
      'After the thawing period of 90 minutes, 30.00 USDC are returned',
    )
    await page.getByRole('button', { name: 'Close copy' }).click()
    await expect(page.getByRole('status', { name: 'State' })).toHaveText('closing')
    const withdraw = page.getByRole('button', { name: 'Withdraw collateral' })
    for (let epoch = 0; epoch < 9; epoch++) {
      await expect(withdraw).toBeHidden()
      await nextEpoch(page)
    }
    await nextEpoch(page)
    await withdraw.click()
    await expect(page.getByRole('status', { name: 'State' })).toHaveText('closed')
    // Of the leak bond no more than a few minutes' part has been released.
    const returned = await usdOf(wallet.account.address)
    expect(returned).toBeGreaterThanOrEqual(collateral / 2n)
    expect(returned).toBeLessThan((collateral * 6n) / 10n)
    await expect(page.getByText('Leak bond released until')).toBeVisible()
  })
})
