import { type Account, type Address, createTestClient, hexToBytes, http, keccak256, stringToHex, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { deploy } from '../deploy/deploy'
import { connect } from '../deploy/deployer'
import type { Deployment } from '../deploy/deployment'
import { joinMinter } from '../deploy/join-minter'
import { merkleTree } from '../merkle/tree'
import { localAccount } from './accounts'
import { copyCall, deliverCall } from './copy'
import { challengeCourtAbi, copyRegistryAbi, testUsdAbi, usageLedgerAbi } from './generated'
import { buyerSeedHash, orderCall } from './order'
import { promptHash, type Receipt, receiptHash, receiptTypedData, responseHash } from './receipts'
import { registerCall } from './register'
import { copyStates } from './states'
import { termsHash } from './terms'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [creator, host, operator, client] = [4, 5, 6, 7].map((index) => localAccount(index))
const seed = keccak256(stringToHex('seed'))
const licence = { derive: true, freeToDerive: true, commercial: true }
const terms = { price: 25_000_000n, collateral: 50_000_000n, fee: 1000n, royaltyBps: 0, floorBps: 0, licence }

let anvil: Anvil
let contracts: Deployment['contracts']
let chainId: number

async function send(account: Account, call: object): Promise<void> {
  const wallet = connect(anvil.rpcUrl, account)
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  const { status } = await wallet.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
}

beforeAll(async () => {
  anvil = await startAnvil()
  const deployment = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  ;({ contracts, chainId } = deployment)
})

afterAll(() => anvil?.stop())

test('default: a host reports two of three answers, and the receipt kept by its client costs it all its collateral', async () => {
  const usd = { address: contracts.usd, abi: testUsdAbi }
  const ledger = { address: contracts.usageLedger, abi: usageLedgerAbi }
  const approve = (spender: Address) => send(host, { ...usd, functionName: 'approve', args: [spender, 100_000_000n] })
  await send(
    creator,
    registerCall(contracts.modelRegistry, { manifestRoot: seed, metadataURI: 'test:1', terms, parents: [] }),
  )
  await send(host, { ...usd, functionName: 'faucet', args: [host.address, 100_000_000n] })
  await approve(contracts.copyRegistry)
  await approve(contracts.usageLedger)
  const wanted = { modelId: 1n, version: 1, maxPrice: terms.price, termsHash: termsHash(terms) }
  await send(
    host,
    orderCall(contracts.copyRegistry, { ...wanted, buyerSeedHash: buyerSeedHash(seed), minter: minter.address }),
  )
  await send(minter, deliverCall(contracts.copyRegistry, 1n, seed, seed))
  await send(host, copyCall(contracts.copyRegistry, 'accept', 1n))
  const url = 'https://host.example/v1'
  await send(host, { ...ledger, functionName: 'openDeployment', args: [1n, url, 2000n, operator.address] })
  await send(host, { ...ledger, functionName: 'deposit', args: [1n, 1_000_000n] })

  const reader = connect(anvil.rpcUrl, client)
  const { from: epoch } = await reader.readContract({
    ...ledger,
    abi: usageLedgerAbi,
    functionName: 'keyTerms',
    args: [1n, operator.address],
  })
  const receipts = [0n, 1n, 2n].map(
    (index): Receipt => ({
      ...{ copyId: 1n, epoch, index, units: 1n, issuedAt: 1_800_000_000n },
      promptHash: promptHash(seed, [1, 2, 3]),
      responseHash: responseHash([4, 5]),
    }),
  )
  const signature = await operator.signTypedData(receiptTypedData(chainId, contracts.usageLedger, receipts[2]))

  const clock = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
  await clock.increaseTime({ seconds: 86_400 })
  const reported = merkleTree(receipts.slice(0, 2).map((receipt) => hexToBytes(receiptHash(receipt))))
  const report = { copyId: 1n, epoch, count: 2n, units: 2n, receiptsRoot: toHex(reported.root) }
  await send(operator, { ...ledger, functionName: 'report', args: Object.values(report) })
  await clock.increaseTime({ seconds: 2 * 86_400 })
  await send(client, {
    address: contracts.challengeCourt,
    abi: challengeCourtAbi,
    functionName: 'unreported',
    args: [receipts[2], signature, report],
  })

  const copy = { address: contracts.copyRegistry, abi: copyRegistryAbi, functionName: 'copies', args: [1n] } as const
  const { state, collateral } = await reader.readContract(copy)
  expect(copyStates[state]).toBe('slashed')
  expect(collateral).toBe(0n)
}, 60_000)
