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
import { chain, deployment, faucet, send } from './chain'

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

/** Runs a case from the drawing to its end: every juror finds that the keys answer. */
async function convict(id: bigint, clerk: LocalAccount, { cost, meanwhile, open }: Panel): Promise<void> {
  const { caseCourt } = deployment().contracts
  const court = { address: caseCourt, abi: caseCourtAbi } as const
  const caseOf = () => chain.readContract({ ...court, functionName: 'cases', args: [id] })
  const roundOf = () => chain.readContract({ ...court, functionName: 'rounds', args: [id, 0] })
  const step = (functionName: 'draw' | 'rule' | 'close') => send(clerk, { ...court, functionName, args: [id] })

  await chain.mine({ blocks: 3 })
  await step('draw')
  const { threshold, target } = await caseOf()
  const { panel, commitUntil, revealUntil, eighth } = await roundOf()
  const vote: Vote = { verdict: 1, finding: Number(threshold), cost, transcripts: salt }
  const jurors = panel.map((address) => provers.find((prover) => prover.address === address) as LocalAccount)
  const caseId = String(id)
  await meanwhile?.({ panel: jurors, eighth, target })
  for (const [seat, juror] of jurors.entries()) {
    const mine = { chainId: deployment().chainId, caseCourt, id: caseId, round: 0, juror: juror.address }
    await send(juror, commitVoteCall(caseCourt, caseId, seat, voteHash(mine, vote, salt)))
  }
  await passUntil(commitUntil)
  for (const [seat, juror] of jurors.entries()) await send(juror, revealVoteCall(caseCourt, caseId, seat, vote, salt))
  await open({ panel: jurors, eighth, target })
  await passUntil(revealUntil)
  await step('rule')
  await passUntil((await caseOf()).closesAfter)
  await step('close')
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
  const { keyLedger: address } = deployment().contracts
  const isShown = (eighth: number) =>
    chain.readContract({ address, abi: keyLedgerAbi, functionName: 'isShown', args: [copy, eighth] })
  const open = ({ eighth }: Drawn) => expect.poll(() => isShown(eighth), { timeout: 60_000 }).toBe(true)
  return convict(id, clerk, { ...panel, open })
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

async function passSeconds(seconds: bigint): Promise<void> {
  await chain.increaseTime({ seconds: Number(seconds) })
  await chain.mine({ blocks: 1 })
}

/** Passes the last second of a window, in protocol time. */
async function passUntil(until: bigint): Promise<void> {
  const { protocol: address } = deployment().contracts
  const time = await chain.readContract({ address, abi: protocolAbi, functionName: 'time' })
  if (time <= until) await passSeconds(until - time + 1n)
}
