import { type Abi, type Address, getAddress, type Hex, keccak256, toHex, zeroAddress } from 'viem'
import {
  copyRegistryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  treasuryAbi,
  userLedgerAbi,
} from '../../lib/chain/generated'
import type { Contracts, RawLog } from '../../lib/indexer/decode'
import { eventLog } from '../../test/fixtures/event-log'
import { addressOf } from './emitter'

/** The logs of one block, by contract. */
export type Calls = Map<Address, RawLog[]>

const at = (name: string, id = 1) => getAddress(addressOf(name, id))
export const contracts: Contracts = {
  modelRegistry: at('models'),
  copyRegistry: at('copies'),
  minterRegistry: at('minters'),
  treasury: at('treasury'),
  usageLedger: at('usage'),
  userLedger: at('users'),
  caseCourt: at('cases'),
  challengeCourt: at('challenges'),
  proverRegistry: at('provers'),
  origins: at('origins'),
  modelGovernorFactory: at('governors'),
}
/** ABIs of the contracts whose events are made here. */
export const abis = {
  modelRegistry: modelRegistryAbi,
  copyRegistry: copyRegistryAbi,
  treasury: treasuryAbi,
  userLedger: userLedgerAbi,
  modelShares: modelSharesAbi,
}
export const sharesOf = (model: number): Address => at('shares', model)

const hash = (text: string): Hex => keccak256(toHex(text))
const person = (id: number) => at('person', id)
const [minter, people] = [at('minter'), 500]
const terms = {
  price: 1_000_000n,
  collateral: 2_000_000n,
  fee: 100n,
  royaltyBps: 500,
  floorBps: 5000,
  leakBps: 5000,
  licence: 7,
}
const floors = { price: 0n, collateral: 0n, fee: 0n, leakBps: 0 }

const emit = (abi: Abi, eventName: string, args: object) =>
  eventLog({ address: zeroAddress, abi, index: 0 }, eventName, args)

/** Blocks that register models, each with its shares and, from the third on, two ancestors. */
export function* registrations(models: number): Generator<Calls> {
  for (let from = 1; from <= models; from += 20) {
    const ids = Array.from({ length: Math.min(20, models + 1 - from) }, (_, i) => from + i)
    const registry = ids.flatMap((id) => [
      emit(modelRegistryAbi, 'Registered', { id: BigInt(id), creator: person(id % people), shares: sharesOf(id) }),
      emit(modelRegistryAbi, 'LineageSet', {
        id: BigInt(id),
        lineage: id < 3 ? [] : [1n, 2n].map((ancestor) => ({ id: ancestor, royaltyBps: 500 })),
        floors,
        allowedLicence: 7,
      }),
      emit(modelRegistryAbi, 'VersionAdded', {
        id: BigInt(id),
        version: 1,
        manifestRoot: hash(`files ${id}`),
        metadataURI: `test:${id}`,
      }),
      emit(modelRegistryAbi, 'TermsSet', { id: BigInt(id), termsVersion: 1, termsHash: hash('terms'), terms }),
    ])
    yield new Map([[contracts.modelRegistry, registry]])
  }
}

export type Business = { models: number; copies: number; blocks: number }
export const newBusiness = (models: number): Business => ({ models, copies: 0, blocks: 0 })

/** A block in which copies are sold, served and paid for, and shares change hands: 100 logs. */
export function business(state: Business): Calls {
  state.blocks++
  const model = (state.blocks % state.models) + 1
  const registry: RawLog[] = []
  const paid: RawLog[] = []
  const served: RawLog[] = []
  for (let i = 0; i < 10; i++) {
    const id = BigInt(++state.copies)
    const modelId = BigInt((state.copies % state.models) + 1)
    const buyer = person(state.copies % people)
    registry.push(
      emit(copyRegistryAbi, 'Ordered', {
        ...{ id, modelId, buyer, version: 1, minter, price: terms.price, collateral: terms.collateral },
        ...{ leakBond: 0n, leakTail: 0, mintFee: 0, penalty: 0n, termsHash: hash('terms') },
        ...{ buyerSeedHash: hash('seed'), deliverDeadline: 2_000_000_000n },
      }),
      emit(copyRegistryAbi, 'Delivered', {
        ...{
          id,
          artifactRoot: hash('artifact'),
          fingerprintRoot: hash('fingerprint'),
          responsesRoot: hash('responses'),
        },
        ...{ ciphertextHash: hash('ciphertext'), sealedKey: hash('key'), url: 'https://files.example/sealed' },
        acceptDeadline: 2_000_000_000n,
      }),
      emit(copyRegistryAbi, 'Accepted', { id }),
    )
    for (let j = 0; j < 3; j++)
      paid.push(
        emit(treasuryAbi, 'Paid', {
          ...{ id: modelId, payer: buyer, amount: terms.price, minter },
          ...{ protocolCut: 25_000n, proverCut: 25_000n, minterCut: 50_000n },
        }),
      )
    served.push(
      emit(userLedgerAbi, 'Deposited', { user: buyer, payer: buyer, amount: 1_000n, balance: 1_000n }),
      emit(userLedgerAbi, 'Reserved', { copyId: id, user: buyer, amount: 1_000n, reserved: 1_000n }),
    )
  }
  const moved = Array.from({ length: 20 }, (_, i) =>
    emit(modelSharesAbi, 'Transfer', { from: person(model), to: person((model + i) % people), value: 1n }),
  )
  return new Map([
    [contracts.copyRegistry, registry],
    [contracts.treasury, paid],
    [contracts.userLedger, served],
    [sharesOf(model), moved],
  ])
}
