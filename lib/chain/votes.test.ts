import { type Account, type Address, createTestClient, http, parseUnits, publicActions, walletActions } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { originBondCalls } from '../../test/origin'
import { deploy } from '../deploy/deploy'
import { localAccount } from './accounts'
import type { Deployment } from './deployment'
import { modelGovernorAbi, modelGovernorFactoryAbi, modelRegistryAbi, modelSharesAbi } from './generated'
import type { ModelId } from './ids'
import { registerCall } from './register'
import { type Ballot, type Decision, type MadeProposal, proposalId, proposalOf, readBallots } from './votes'
import { putUpBondWrite } from './writes/build-case'
import { ballotWrite, castVoteWrite, decisionWrite, proposeWrite } from './writes/build-votes'
import { isProof } from './writes/is-proof'
import type { Proof } from './writes/record'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [creator, holder, stranger] = [3, 4, 5].map((index) => localAccount(index))
const id = '1' as ModelId
const day = 86_400
const terms = {
  ...{ price: 25_000_000n, collateral: 50_000_000n, fee: 1_500_000n, royaltyBps: 0, floorBps: 0, leakBps: 5000 },
  licence: { derive: true, freeToDerive: true, commercial: true },
}
const naming: Decision = { what: 'nameMinter', minter: stranger.address }

let anvil: Anvil
let deployment: Deployment
let chain: ReturnType<typeof open>

const open = (rpcUrl: string) =>
  createTestClient({ mode: 'anvil', transport: http(rpcUrl), pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions)

beforeAll(async () => {
  anvil = await startAnvil()
  deployment = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  chain = open(anvil.rpcUrl)
  for (const call of originBondCalls(deployment.contracts, creator.address, 2n)) await send(creator, call)
  const registration = { manifestRoot: `0x${'11'.repeat(32)}` as const, metadataURI: 'https://nowhere.example/', terms }
  await send(creator, registerCall(deployment.contracts.modelRegistry, { ...registration, parents: [], minters: [] }))
})
afterAll(() => anvil?.stop())

async function send(account: Account, call: object, proof?: Proof): Promise<void> {
  const hash = await chain.writeContract({ ...call, account, chain: null } as Parameters<typeof chain.writeContract>[0])
  const { status, logs } = await chain.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
  if (proof) expect(logs.some((log) => isProof(proof, log))).toBe(true)
}

const write = ({ proof, ...call }: { proof: Proof }, account: Account) => send(account, call, proof)

async function pass(seconds: number): Promise<void> {
  await chain.increaseTime({ seconds })
  await chain.mine({ blocks: 1 })
}

const isNamed = (who: Address) => {
  const { modelRegistry: address } = deployment.contracts
  const args = [1n, who] as const
  return chain.readContract({ address, abi: modelRegistryAbi, functionName: 'minterNamed', args })
}

test('default: a decision alone, then one by votes, each step shown as it is', async () => {
  const { modelRegistry, modelGovernorFactory, origins } = deployment.contracts
  await write(decisionWrite(modelRegistry, id, naming), creator)
  expect(await isNamed(stranger.address)).toBe(true)

  const shares = await chain.readContract({
    ...{ address: modelRegistry, abi: modelRegistryAbi, functionName: 'shares', args: [1n] },
  })
  const half = { address: shares, abi: modelSharesAbi, functionName: 'transfer' }
  await send(creator, { ...half, args: [holder.address, parseUnits('500000', 18)] })
  const factory = { address: modelGovernorFactory, abi: modelGovernorFactoryAbi } as const
  const governor = await chain.readContract({ ...factory, functionName: 'governorOf', args: [1n] })
  await send(stranger, { ...factory, functionName: 'create', args: [1n] })
  await write(putUpBondWrite(origins, id, 2, creator.address), creator)

  const proposal = proposalOf(modelRegistry, id, { what: 'dismissMinter', minter: stranger.address }, 'Too slow.')
  // Votes count as they were a second before.
  await pass(2)
  await write(proposeWrite(governor, proposal), creator)
  const made = async (): Promise<MadeProposal[]> => {
    const created = { address: governor, abi: modelGovernorAbi, eventName: 'ProposalCreated' } as const
    const events = await chain.getContractEvents({ ...created, fromBlock: 0n, strict: true })
    return events.map(({ args: { proposalId: id, voteStart, ...args } }) => ({ ...args, id, opens: Number(voteStart) }))
  }
  const ballots = async (account: Address | null) => readBallots(anvil.rpcUrl, governor, await made(), account)
  const seen = async (): Promise<Ballot> => (await ballots(holder.address)).at(-1) as Ballot
  const proposed = await seen()
  expect(proposed).toMatchObject({
    ...{ id: proposalId(proposal), state: 'pending', votes: 0n, voted: false, executable: null },
    ...{ description: 'Too slow.', proposer: creator.address },
    deeds: [{ deed: 'dismissMinter', account: stranger.address }],
  })
  await pass(day + 1)
  expect(await seen()).toMatchObject({ state: 'active', votes: parseUnits('500000', 18), inFavour: 0n })
  await write(castVoteWrite(governor, proposed.id, holder.address, true), holder)
  await write(castVoteWrite(governor, proposed.id, creator.address, false), creator)
  expect(await seen()).toMatchObject({
    voted: true,
    inFavour: parseUnits('500000', 18),
    against: parseUnits('500000', 18),
  })
  await pass(7 * day)
  expect((await seen()).state).toBe('defeated')

  const again = { ...proposal, description: 'Too slow, as more of us say.' }
  await write(proposeWrite(governor, again), creator)
  await pass(day + 1)
  const second = await seen()
  await write(castVoteWrite(governor, second.id, holder.address, true), holder)
  await pass(7 * day)
  expect((await seen()).state).toBe('accepted')
  await write(ballotWrite(governor, 'queue', again), stranger)
  const queued = await seen()
  expect([queued.state, queued.now < (queued.executable ?? 0)]).toEqual(['queued', true])
  await pass(3 * day)
  await write(ballotWrite(governor, 'execute', again), stranger)
  expect((await seen()).state).toBe('executed')
  expect(await isNamed(stranger.address)).toBe(false)
  expect((await ballots(null)).map(({ state }) => state)).toEqual(['defeated', 'executed'])
})
