import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { copyCall } from '../lib/chain/copy'
import { copyRegistryAbi } from '../lib/chain/generated'
import {
  chain,
  claimable,
  deployment,
  faucet,
  ordersOf,
  originBond,
  registrationsOf,
  rpcUrl,
  send,
  usdOf,
} from './chain'
import { type Gate, kinmark, proxyOf } from './program'
import { copyModel, uniqueName } from './steps'
import { expect, signIn, test } from './wallet'

const usdc = (amount: number) => BigInt(amount) * 1_000_000n
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Somebody without a browser: a key in a file, and a home of their own. */
function user(folder: string, site: string) {
  const key = generatePrivateKey()
  const keyFile = join(folder, 'key')
  mkdirSync(folder, { recursive: true })
  writeFileSync(keyFile, key)
  const variables = { KINMARK_HOME: join(folder, 'home'), KINMARK_SITE: site, KINMARK_TOKEN: '', KINMARK_KEY: '' }
  const run = (...args: string[]) => kinmark(variables, ...args).ended
  return { account: privateKeyToAccount(key), keyFile, folder, variables, run }
}

test('default: log in, search, buy, pull, publish, earn and claim without a browser, killed on the way', async ({
  baseURL,
}, info) => {
  const market = baseURL ?? ''
  const creator = user(info.outputPath('creator'), market)
  const buyer = user(info.outputPath('buyer'), market)
  const name = uniqueName('terminal')
  const rpc = await proxyOf(rpcUrl())
  const site = await proxyOf(market)
  /** Runs a command and kills it where the gate holds it. */
  const killed = async (at: typeof rpc, gate: Gate, who: typeof buyer, ...args: string[]) => {
    const held = at.held
    at.gate = gate
    const { child, ended } = kinmark({ ...who.variables, KINMARK_RPC_URL: rpc.url }, ...args)
    await expect.poll(() => at.held).toBe(held + 1)
    child.kill('SIGKILL')
    await ended
    at.gate = () => 'pass'
  }
  const sends: Gate = ({ body }) => (body.includes('eth_sendRawTransaction') ? 'hold' : 'pass')
  const sent: Gate = ({ body }) => (body.includes('eth_sendRawTransaction') ? 'hold answer' : 'pass')

  await test.step('both log in with their keys', async () => {
    for (const { run, keyFile, account } of [creator, buyer])
      expect(await run('login', '--key-file', keyFile)).toMatchObject({
        status: 0,
        json: { site: market, account: account.address, chainId: 31337, keyFile },
      })
  })

  const model =
    await test.step('the creator publishes a folder, killed before, in and after the transaction', async () => {
      const folder = join(creator.folder, 'model')
      copyModel('tiny', folder, `---\nlicense: cc0-1.0\n---\n# ${name}\nA model from a terminal.\n`)
      const args = ['publish', folder, '--price', '30', '--collateral', '60', '--max', '1000']
      expect(await creator.run(...args)).toMatchObject({ status: 4, json: { code: 'cli.balance-low' } })
      await faucet(creator.account, originBond)
      await killed(rpc, sends, creator, ...args)
      await killed(rpc, sent, creator, ...args)
      const { status, json } = await creator.run(...args)
      expect(status).toBe(0)
      expect(await creator.run(...args)).toMatchObject({ status: 0, json: { model: json.model, earlier: true } })
      expect(await registrationsOf(creator.account.address)).toBe(1)
      expect(await usdOf(creator.account.address)).toBe(0n)
      return json.model as string
    })

  await test.step('the buyer finds it and reads about it', async () => {
    // Where many stories share two cores, a command takes seconds.
    const found = async () => (await buyer.run('search', name)).json.items
    await expect.poll(found).toMatchObject([{ id: model, name }])
    expect(await buyer.run('search', 'nothing-like-it-xq')).toMatchObject({ status: 1, json: { items: [] } })
    expect(await buyer.run('info', model)).toMatchObject({ status: 0, json: { name, price: '30000000' } })
  })

  const copy = await test.step('the buyer pays once, however often the command is killed', async () => {
    const args = ['buy', model, '--max', '100']
    await faucet(buyer.account, usdc(89))
    const poor = await buyer.run(...args)
    expect(poor).toMatchObject({ status: 4, json: { code: 'cli.balance-low', facts: { balance: '89000000' } } })
    await faucet(buyer.account, usdc(111))
    expect(await buyer.run('buy', model, '--max', '80')).toMatchObject({ status: 4, json: { code: 'cli.above-max' } })
    expect(await buyer.run('buy', model)).toMatchObject({ status: 2, json: { code: 'cli.max-needed' } })
    expect(await ordersOf(buyer.account.address)).toBe(0)
    await killed(rpc, sends, buyer, ...args)
    expect(await ordersOf(buyer.account.address)).toBe(0)
    await killed(rpc, sent, buyer, ...args)
    const { status, json } = await buyer.run(...args)
    expect(status).toBe(0)
    expect(await buyer.run(...args)).toMatchObject({ status: 0, json: { copy: json.copy, earlier: true } })
    // another machine of the same account has none of this one's files
    const elsewhere = { ...buyer.variables, KINMARK_HOME: join(buyer.folder, 'elsewhere') }
    await kinmark(elsewhere, 'login', '--key-file', buyer.keyFile).ended
    const again = await kinmark(elsewhere, ...args).ended
    expect(again).toMatchObject({ status: 0, json: { copy: json.copy, earlier: true } })
    expect(await ordersOf(buyer.account.address)).toBe(1)
    expect(await usdOf(buyer.account.address)).toBe(usdc(200 - 90))
    return json.copy as string
  })

  await test.step('the buyer pulls it, killed in the middle, with a byte changed on the disk meanwhile', async () => {
    const out = join(buyer.folder, 'copy')
    const login = JSON.parse(readFileSync(join(buyer.variables.KINMARK_HOME, 'login.json'), 'utf8'))
    const through = { ...buyer, variables: { ...buyer.variables, KINMARK_SITE: site.url, KINMARK_TOKEN: login.token } }
    const args = ['pull', copy, '--out', out, '--parallel', '1']
    const asked = () => site.paths.filter((path) => path.includes('/files/')).map((path) => path.split('/files/')[1])
    await killed(site, ({ path }) => (path.endsWith('/model.safetensors') ? 'hold' : 'pass'), through, ...args)
    const before = asked().filter((path) => path !== 'model.safetensors')
    expect(before.length).toBeGreaterThan(1)
    const parts = join(out, '.kinmark-pull')
    const [first] = readdirSync(parts).filter((file) => /^0-[0-9a-f]{64}$/.test(file))
    const bytes = readFileSync(join(parts, first))
    bytes[3] ^= 1
    writeFileSync(join(parts, first), bytes)
    site.paths.length = 0
    const { status, json, err } = await kinmark(through.variables, ...args).ended
    expect({ status, code: json.code }).toEqual({ status: 0, code: undefined })
    expect(err).toContain(`“${before[0]}” have changed on the disk`)
    expect(asked().filter((path) => before.slice(1).includes(path))).toEqual([])
    const files = json.files as { path: string; sha256: string }[]
    for (const file of files) expect(sha256(join(out, file.path))).toBe(file.sha256)
    const address = deployment().contracts.copyRegistry
    const { artifactRoot } = await chain.readContract({
      ...{ address, abi: copyRegistryAbi, functionName: 'copies', args: [BigInt(copy)] },
    })
    expect(json.artifactRoot).toBe(artifactRoot)
    expect(sha256(join(out, 'model.safetensors'))).not.toBe(sha256('public/models/tiny/model.safetensors'))

    expect(await buyer.run(...args)).toMatchObject({ status: 0, json: { downloaded: 0 } })
    const weights = readFileSync(join(out, 'model.safetensors'))
    weights[weights.length - 1] ^= 1
    writeFileSync(join(out, 'model.safetensors'), weights)
    const changed = { status: 8, json: { code: 'cli.file-differs', facts: { path: 'model.safetensors' } } }
    expect(await buyer.run(...args)).toMatchObject(changed)
    expect(await buyer.run(...args, '--repair')).toMatchObject({ status: 0 })
    expect(await creator.run('pull', copy, '--out', join(creator.folder, 'theirs'))).toMatchObject({
      ...{ status: 3, json: { code: 'market.copy-not-yours' } },
    })
  })

  await test.step('the creator claims exactly what the chain says, and nothing a second time', async () => {
    expect(await creator.run('earnings')).toMatchObject({ status: 0, json: { models: [{ model, name }] } })
    await send(buyer.account, copyCall(deployment().contracts.copyRegistry, 'accept', BigInt(copy)))
    for (let epoch = 0; epoch < 3; epoch++) await nextEpoch()
    await expect.poll(() => claimable(BigInt(model), creator.account.address)).toBeGreaterThan(0n)
    await killed(rpc, sends, creator, 'claim')
    await killed(rpc, sent, creator, 'claim')
    expect(await creator.run('claim')).toMatchObject({ status: 0 })
    expect(await claimable(BigInt(model), creator.account.address)).toBe(0n)
    expect(await creator.run('claim')).toMatchObject({ status: 0, json: { claimed: '0', tx: null } })
    expect(await usdOf(creator.account.address)).toBeGreaterThan(0n)
  })
  rpc.close()
  site.close()

  async function nextEpoch() {
    await fetch(`${market}/api/epochs/next`, { method: 'POST', headers: { origin: market } })
  }
})

test('default: a program is let in on the page, and sent away again', async ({ person, baseURL }, info) => {
  const { page, wallet } = await person()
  const { variables, run } = user(info.outputPath('program'), baseURL ?? '')
  const waiting = kinmark(variables, 'login')
  await expect.poll(() => waiting.said()).toContain('/device?code=')
  const [, url, code] = /(http\S+code=([A-Z-]+))/.exec(waiting.said()) ?? []
  await page.goto(url)
  await signIn(page)
  await expect(page.getByText(code)).toBeVisible()
  await page.getByRole('button', { name: 'Let it in' }).click()
  await expect(page.getByText('The program is in.')).toBeVisible()
  expect(await waiting.ended).toMatchObject({ status: 0, json: { account: wallet.account.address, keyFile: null } })
  expect(await run('earnings')).toMatchObject({ status: 0, json: { account: wallet.account.address, total: '0' } })
  expect(await run('buy', '1', '--max', '100')).toMatchObject({ status: 3, json: { code: 'cli.key-missing' } })

  const other = kinmark({ ...variables, KINMARK_HOME: info.outputPath('other') }, 'login')
  await expect.poll(() => other.said()).toContain('/device?code=')
  await page.goto(/(http\S+)/.exec(other.said())?.[1] ?? '')
  await page.getByRole('button', { name: 'Send it away' }).click()
  expect(await other.ended).toMatchObject({ status: 3, json: { code: 'market.login-unknown' } })

  await page.goto('/tokens')
  await page.getByRole('button', { name: 'End' }).click()
  await expect(page.getByRole('region', { name: 'Tokens' }).getByText('There are none.')).toBeVisible()
  expect(await run('pull', '1')).toMatchObject({ status: 3, json: { code: 'market.token-invalid' } })
  rmSync(info.outputPath('other'), { recursive: true, force: true })
})
