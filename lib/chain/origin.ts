import { type Address, type Hex, numberToHex } from 'viem'
import { caseCourtAbi, originsAbi } from './generated'
import type { ModelId } from './ids'
import { caseKinds } from './states'

/** What a case about an undeclared parent claims, as `IParentCases.Descent`; `displaced` is null where a place is free. */
export type Descent = {
  version: number
  ancestor: ModelId
  ancestorVersion: number
  displaced: ModelId | null
}

const bits = { displaced: 128n, version: 96n, ancestorVersion: 64n, ancestor: 0n } as const

/** The target of such a case, equal to that of `ParentCases.targetOf`. */
export function descentTarget({ version, ancestor, ancestorVersion, displaced }: Descent): Hex {
  const packed =
    (BigInt(displaced ?? 0) << bits.displaced) |
    (BigInt(version) << bits.version) |
    (BigInt(ancestorVersion) << bits.ancestorVersion) |
    BigInt(ancestor)
  return numberToHex(packed, { size: 32 })
}

/** What a target claims. */
export function descentOf(target: Hex): Descent {
  const part = (at: bigint, size: number) => BigInt.asUintN(size, BigInt(target) >> at)
  const displaced = part(bits.displaced, 64)
  return {
    version: Number(part(bits.version, 32)),
    ancestor: part(bits.ancestor, 64).toString() as ModelId,
    ancestorVersion: Number(part(bits.ancestorVersion, 32)),
    displaced: displaced === 0n ? null : (displaced.toString() as ModelId),
  }
}

/** Returns the bond of a version to its owner, after its time. */
export function claimOriginBondCall(origins: Address, id: ModelId, version: number) {
  return { address: origins, abi: originsAbi, functionName: 'claim', args: [BigInt(id), version] } as const
}

/** Puts up the bond of the next version, which whoever decides for the model then publishes. The bond must be allowed first. */
export function putUpBondCall(origins: Address, id: ModelId, version: number) {
  return { address: origins, abi: originsAbi, functionName: 'putUp', args: [BigInt(id), version] } as const
}

/** Passes an ancestor that a court has entered into the first model of the path on to the last one, which descends from it. */
export function carryCall(origins: Address, ancestor: ModelId, path: readonly ModelId[]) {
  return {
    address: origins,
    abi: originsAbi,
    functionName: 'carry',
    args: [BigInt(ancestor), path.map(BigInt)],
  } as const
}

/** Opens a case about a model’s undeclared parent. The bond must be allowed first. */
export function openParentCaseCall(caseCourt: Address, child: ModelId, descent: Descent, evidence: string) {
  return {
    address: caseCourt,
    abi: caseCourtAbi,
    functionName: 'open',
    args: [caseKinds.indexOf('parent'), BigInt(child), descentTarget(descent), evidence],
  } as const
}
