import { expect } from '@playwright/test'
import { encodeFunctionData, type Hex, keccak256, type LocalAccount, parseEther, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { allowBondCall, commitVoteCall, revealVoteCall, type Vote, voteHash } from '../lib/chain/case'
import {
  caseCourtAbi,
  keyLedgerAbi,
  modelRegistryAbi,
  originsAbi,
  parentCasesAbi,
  protocolAbi,
  proverRegistryAbi,
  treasuryAbi,
} from '../lib/chain/generated'
import { descentOf } from '../lib/chain/origin'
import { parameters } from '../lib/deploy/parameters'
import { knownKeys, knownPool } from '../test/known-pool'
import { chain, deployment, faucet, passSeconds, send } from './chain'

/** The jurors of every story: their keys are known, so that they vote without a browser. */
const provers = Array.from({ length: 9 }, (_, i) => privateKeyToAccount(keccak256(toHex(`prover ${i}`))))
const seasoningEpochs = 7n
const salt = keccak256(toHex('salt'))

/** The protocol’s owner admits provers, who stake; passes the time after which they can be drawn. */
export async function seatProvers(): Promise<void> {
  const { protocol, proverRegistry, usd } = deployment().contracts
  const clock = { address: protocol, abi: protocolAbi } as const
  const owner = await chain.readContract({ ...clock, functionName: 'owner' })
  await chain.impersonateAccount({ address: owner })
  await chain.setBalance({ address: owner, value: parseEther('10') })
  for (const prover of provers) {
    const data = encodeFunctionData({ abi: proverRegistryAbi, functionName: 'admit', args: [prover.address, true] })
    const hash = await chain.sendUnsignedTransaction({ from: owner, to: proverRegistry, data })
    await chain.waitForTransactionReceipt({ hash })
    await faucet(prover, parameters.proverStake)
    await send(prover, allowBondCall(usd, proverRegistry, parameters.proverStake))
    const args = [parameters.proverStake]
    await send(prover, { address: proverRegistry, abi: proverRegistryAbi, functionName: 'stake', args })
  }
  const epochLength = await chain.readContract({ ...clock, functionName: 'epochLength' })
  await passSeconds(seasoningEpochs * epochLength)
}

/** The controller fixes a key pool whose keys are known here. */
export async function commitKnownPool(controller: LocalAccount, model: bigint): Promise<void> {
  const { modelRegistry: address } = deployment().contracts
  const args = [model, 1, knownPool.root]
  await send(controller, { address, abi: modelRegistryAbi, functionName: 'commitKeyPool', args })
}

type Drawn = { panel: LocalAccount[]; eighth: number; target: Hex }
type Panel = {
  /** What finding the offence cost, as every juror finds it proven. */
  cost: bigint
  /** While the jurors vote. */
  meanwhile?: (drawn: Drawn) => Promise<void>
  /** Once they have: the keys that they tested are opened. */
  open: (drawn: Drawn) => Promise<void>
}

const courtAt = () => ({ address: deployment().contracts.caseCourt, abi: caseCourtAbi }) as const

export const caseOf = (id: bigint) => chain.readContract({ ...courtAt(), functionName: 'cases', args: [id] })

export const roundOf = (id: bigint, round: number) =>
  chain.readContract({ ...courtAt(), functionName: 'rounds', args: [id, round] })

/** Anybody takes a step of a case. */
export const takeStep = (clerk: LocalAccount, id: bigint, functionName: 'draw' | 'rule' | 'close') =>
  send(clerk, { ...courtAt(), functionName, args: [id] })

/** A panel’s accounts, in the order of their seats. */
export const jurorsOf = ({ panel }: { panel: readonly Hex[] }) =>
  panel.map((address) => provers.find((prover) => prover.address === address) as LocalAccount)

type Voting = { id: bigint; round: number; vote: Vote; except?: LocalAccount }

/** The jurors of a panel commit to the same vote, except one. */
export async function commitAll({ id, round, vote, except }: Voting): Promise<void> {
  const { caseCourt } = deployment().contracts
  for (const [seat, juror] of jurorsOf(await roundOf(id, round)).entries()) {
    if (juror === except) continue
    const target = { chainId: deployment().chainId, caseCourt, id: String(id), round, juror: juror.address }
    await send(juror, commitVoteCall(caseCourt, String(id), seat, voteHash(target, vote, salt)))
  }
}

export async function revealAll({ id, round, vote, except }: Voting): Promise<void> {
  const { caseCourt } = deployment().contracts
  for (const [seat, juror] of jurorsOf(await roundOf(id, round)).entries())
    if (juror !== except) await send(juror, revealVoteCall(caseCourt, String(id), seat, vote, salt))
}

/** A vote that the keys answer, as strongly as it needs to be. */
export async function acceptance(id: bigint, cost = 0n): Promise<Vote> {
  return { verdict: 1, finding: Number((await caseOf(id)).threshold), cost, transcripts: salt }
}

/** Waits until the minter has opened the keys of a copy that jurors tested. */
export async function keysOpened(copy: bigint, eighth: number): Promise<void> {
  const { keyLedger: address } = deployment().contracts
  const isShown = () =>
    chain.readContract({ address, abi: keyLedgerAbi, functionName: 'isShown', args: [copy, eighth] })
  await expect.poll(isShown).toBe(true)
}

/** Runs a case from the drawing to its end: every juror finds that the keys answer. */
async function convict(id: bigint, clerk: LocalAccount, { cost, meanwhile, open }: Panel): Promise<void> {
  await chain.mine({ blocks: 3 })
  await takeStep(clerk, id, 'draw')
  const { target } = await caseOf(id)
  const round = await roundOf(id, 0)
  const voting = { id, round: 0, vote: await acceptance(id, cost) }
  const drawn = { panel: jurorsOf(round), eighth: round.eighth, target }
  await meanwhile?.(drawn)
  await commitAll(voting)
  await passUntil(round.commitUntil)
  await revealAll(voting)
  await open(drawn)
  await passUntil(round.revealUntil)
  await takeStep(clerk, id, 'rule')
  await passUntil((await caseOf(id)).closesAfter)
  await takeStep(clerk, id, 'close')
}

/** A case about an undeclared parent, whose pool is the known one. */
export function convictChild(id: bigint, clerk: LocalAccount, cost: bigint): Promise<void> {
  const { parentCases: address } = deployment().contracts
  const open = async ({ eighth, target }: Drawn) => {
    const { ancestor, ancestorVersion } = descentOf(target)
    const args = [BigInt(ancestor), ancestorVersion, eighth, BigInt(knownPool.count), knownKeys(eighth)]
    await send(clerk, { address, abi: parentCasesAbi, functionName: 'openKeys', args })
  }
  return convict(id, clerk, { cost, open })
}

/** A case about a copy’s leak, whose minter opens the keys by itself. */
export function convictCopy(
  id: bigint,
  copy: bigint,
  clerk: LocalAccount,
  panel: Pick<Panel, 'cost' | 'meanwhile'>,
): Promise<void> {
  return convict(id, clerk, { ...panel, open: ({ eighth }) => keysOpened(copy, eighth) })
}

export function owedByCourt(account: Hex): Promise<bigint> {
  const { caseCourt: address } = deployment().contracts
  return chain.readContract({ address, abi: caseCourtAbi, functionName: 'owed', args: [account] })
}

/** The ancestors that a court has entered into a model. */
export function enteredInto(model: bigint) {
  const { treasury: address } = deployment().contracts
  return chain.readContract({ address, abi: treasuryAbi, functionName: 'entered', args: [model] })
}

/** What is left of the bond behind a model’s first version. */
export async function originBondOf(model: bigint): Promise<bigint> {
  const { origins: address } = deployment().contracts
  const bond = await chain.readContract({ address, abi: originsAbi, functionName: 'bonds', args: [model, 1] })
  return bond.amount
}

/** Passes the last second of a window, in protocol time. */
export async function passUntil(until: bigint): Promise<void> {
  const { protocol: address } = deployment().contracts
  const time = await chain.readContract({ address, abi: protocolAbi, functionName: 'time' })
  if (time <= until) await passSeconds(until - time + 1n)
}
