import {
  type Abi,
  type Account,
  type Address,
  createTestClient,
  createWalletClient,
  http,
  keccak256,
  publicActions,
  stringToHex,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { originBondCalls } from '../../test/origin'
import { commitKeyPoolCall, deliveryOf, signQuote } from '../../test/quote'
import { deploy } from '../deploy/deploy'
import { joinMinter } from '../deploy/join-minter'
import { splitDown } from '../money/split'
import { localAccount } from './accounts'
import { chainError } from './chain-error'
import { claimCall } from './claim'
import { copyCall, deliverCall } from './copy'
import { type Deployment, parseDeployment } from './deployment'
import { copyRegistryAbi, modelRegistryAbi, protocolAbi, testUsdAbi } from './generated'
import { toModelId } from './ids'
import { inherit } from './obligations'
import { buyerSeedHash, orderCall, orderWithPermitCall } from './order'
import { permitOf, permitTypedData, readPermitState } from './permit'
import { registerCall } from './register'
import { copyStates } from './states'
import { leakBondUp, licenceFromChain, type Terms, termsFromChain, termsToChain } from './terms'
import { termsHash } from './terms-hash'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [creator, deriver, buyer, stranger, merger] = [4, 5, 6, 7, 8].map((index) => localAccount(index))
const seed = keccak256(stringToHex('seed'))
const terms: Terms = {
  price: 33_333_333n,
  collateral: 50_000_000n,
  fee: 1000n,
  royaltyBps: 1777,
  floorBps: 3333,
  leakBps: 5000,
  licence: { derive: true, freeToDerive: true, commercial: false },
}

let anvil: Anvil
let deployment: Deployment
let contracts: Deployment['contracts']
let chain: ReturnType<typeof connect>

function connect(rpcUrl: string) {
  return createWalletClient({ transport: http(rpcUrl), pollingInterval: 20 }).extend(publicActions)
}

type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

async function send(account: Account, call: Call): Promise<void> {
  const hash = await chain.writeContract({ ...call, account, chain: null })
  const { status } = await chain.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
}

const wanted = { modelId: 3n, termsHash: termsHash(terms), buyerSeedHash: buyerSeedHash(seed) }

const usdOf = (account: Address) =>
  chain.readContract({ address: contracts.usd, abi: testUsdAbi, functionName: 'balanceOf', args: [account] })

beforeAll(async () => {
  anvil = await startAnvil()
  deployment = await deploy({
    rpcUrl: anvil.rpcUrl,
    deployer,
    minter: minter.address,
  })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  contracts = parseDeployment(JSON.stringify(deployment)).contracts
  chain = connect(anvil.rpcUrl)
})

afterAll(() => anvil?.stop())

test('default: publish, derive, merge, order, deliver, accept, claim; every balance is exact', async () => {
  const register = (terms: Terms, parents: Parameters<typeof registerCall>[1]['parents']) =>
    registerCall(contracts.modelRegistry, {
      manifestRoot: keccak256(stringToHex('manifest')),
      metadataURI: 'ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk',
      terms,
      parents,
      minters: [minter.address],
    })
  const registry = { address: contracts.modelRegistry, abi: modelRegistryAbi } as const
  // Model 3 reaches model 1 on two paths, on which it asked 17.77 % and 4 %.
  const later = { ...terms, royaltyBps: 400 }
  const child = { ...terms, royaltyBps: 999, licence: { ...terms.licence, freeToDerive: true } }
  for (const account of [creator, deriver, merger])
    for (const call of originBondCalls(contracts, account.address)) await send(account, call)
  await send(creator, register(terms, []))
  await send(deriver, register(child, [{ id: 1n, relation: 'finetune', termsHash: termsHash(terms) }]))
  await send(creator, { ...registry, functionName: 'setTerms', args: [1n, termsToChain(later)] })
  await send(
    merger,
    register(terms, [
      { id: 1n, relation: 'merge', termsHash: termsHash(later) },
      { id: 2n, relation: 'merge', termsHash: termsHash(child) },
    ]),
  )

  expect(await chain.readContract({ ...registry, functionName: 'termsHash', args: [3n] })).toBe(termsHash(terms))
  expect(termsFromChain(await chain.readContract({ ...registry, functionName: 'terms', args: [3n] }))).toEqual(terms)
  const owes = inherit([])
  const two = inherit([{ id: toModelId(1n), terms, obligations: owes }])
  const inherited = inherit([
    { id: toModelId(1n), terms: later, obligations: owes },
    { id: toModelId(2n), terms: child, obligations: two },
  ])
  const lineage = await chain.readContract({ ...registry, functionName: 'lineage', args: [3n] })
  expect(inherited.lineage).toEqual(lineage.map((ancestor) => ({ ...ancestor, id: toModelId(ancestor.id) })))
  expect(inherited.lineage.map(({ royaltyBps }) => royaltyBps)).toEqual([1777, 999])
  const [floors, allowed] = await chain.readContract({ ...registry, functionName: 'obligations', args: [3n] })
  expect(inherited).toMatchObject({ floors, licence: licenceFromChain(allowed) })
  expect(floors).toEqual({ price: 11_110_000n, collateral: 16_665_000n, fee: 334n, leakBps: 1667 })

  const total = terms.price + terms.collateral
  await send(buyer, {
    address: contracts.usd,
    abi: testUsdAbi,
    functionName: 'faucet',
    args: [buyer.address, total],
  })
  const state = await readPermitState(chain, contracts.usd, buyer.address)
  const signature = await buyer.signTypedData(
    permitTypedData(state, { owner: buyer.address, spender: contracts.copyRegistry, value: total }),
  )
  await send(minter, commitKeyPoolCall(contracts.modelRegistry, 3n, seed))
  const quote = await signQuote(deployment, minter, { ...wanted, buyer: buyer.address })
  await send(buyer, orderWithPermitCall(contracts.copyRegistry, quote, permitOf(signature, total)))
  expect(await usdOf(buyer.address)).toBe(0n)
  await send(minter, deliverCall(contracts.copyRegistry, 1n, deliveryOf(seed)))
  await send(buyer, copyCall(contracts.copyRegistry, 'accept', 1n))
  const copy = await chain.readContract({
    address: contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [1n],
  })
  expect(copyStates[copy.state]).toBe('active')

  const [protocolBps, proverBps, minterBps] = await chain.readContract({
    address: contracts.protocol,
    abi: protocolAbi,
    functionName: 'cuts',
  })
  const split = splitDown(terms.price, { protocolBps, proverBps, minterBps }, inherited.lineage)
  const clock = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
  await clock.increaseTime({ seconds: 2 * 86_400 })
  const owners = [creator, deriver, merger]
  for (const [i, { address: account }] of owners.entries())
    await send(stranger, claimCall(contracts.treasury, { account, models: [BigInt(i + 1)] }))
  for (const account of [minter.address, contracts.proverRegistry, deployer.address])
    await send(stranger, claimCall(contracts.treasury, { account, models: [] }))

  expect(await usdOf(deployer.address)).toBe(split.protocol)
  expect(await usdOf(contracts.proverRegistry)).toBe(split.provers)
  expect(await usdOf(minter.address)).toBe(split.minter)
  expect(await usdOf(creator.address)).toBe(split.ancestors[0].amount)
  expect(await usdOf(deriver.address)).toBe(split.ancestors[1].amount)
  expect(await usdOf(merger.address)).toBe(split.shares)
  expect(await usdOf(contracts.treasury)).toBe(split.dust)
  expect(await usdOf(contracts.copyRegistry)).toBe(terms.collateral)

  await send(buyer, copyCall(contracts.copyRegistry, 'close', 1n))
  await clock.increaseTime({ seconds: 9 * 86_400 })
  await send(buyer, copyCall(contracts.copyRegistry, 'withdraw', 1n))
  const leakBond = leakBondUp(terms)
  const left = leakBond - (await usdOf(buyer.address)) + terms.collateral - leakBond
  expect(left).toBeLessThanOrEqual(leakBond)
  expect(left).toBeGreaterThan((leakBond * 999n) / 1000n)
  await clock.increaseTime({ seconds: 180 * 86_400 })
  await send(stranger, copyCall(contracts.copyRegistry, 'withdraw', 1n))
  await send(stranger, claimCall(contracts.treasury, { account: buyer.address, models: [] }))
  expect(await usdOf(buyer.address)).toBe(terms.collateral)
})

test('error: a revert carries its code and facts', async () => {
  const refusal = (account: Account, call: Call) => chain.simulateContract({ ...call, account }).catch(chainError)

  const quoteOf = (changes: object) => signQuote(deployment, minter, { ...wanted, buyer: buyer.address, ...changes })
  const forged = { ...(await quoteOf({})), signature: (await quoteOf({})).signature }
  expect(await refusal(buyer, orderCall(contracts.copyRegistry, forged))).toMatchObject({
    code: 'contract.QuoteInvalid',
    facts: { minter: minter.address },
  })
  expect(await refusal(buyer, orderCall(contracts.copyRegistry, await quoteOf({ modelId: 9n })))).toMatchObject({
    code: 'contract.ModelUnknown',
    facts: { id: 9n },
  })
  const unpaid = orderCall(contracts.copyRegistry, await quoteOf({ buyer: stranger.address }))
  expect(await refusal(stranger, unpaid)).toMatchObject({
    code: 'contract.ERC20InsufficientAllowance',
    facts: { allowance: 0n, needed: 83_333_333n },
  })
  expect(await refusal(buyer, copyCall(contracts.copyRegistry, 'close', 1n))).toMatchObject({
    code: 'contract.WrongState',
    facts: { id: 1n, state: copyStates.indexOf('closed'), needed: copyStates.indexOf('active') },
  })
  const transfer = { to: stranger.address, value: 10n ** 30n, account: buyer, chain: null }
  expect(await chain.sendTransaction(transfer).catch(chainError)).toMatchObject({ code: 'chain.insufficient-funds' })
  const elsewhere = createWalletClient({ transport: http('http://127.0.0.1:9', { retryCount: 0 }) })
  expect(await elsewhere.getChainId().catch(chainError)).toMatchObject({ code: 'chain.unreachable' })
})
