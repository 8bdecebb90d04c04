import 'server-only'
import { readFileSync } from 'node:fs'
import type { Hex } from 'viem'
import { KinmarkError } from '../error'

/** The Foundry profile: `local` compiles fast, for the local chain and tests; `production` is for public chains. */
export type Build = 'local' | 'production'

/** The creation code of a compiled contract, without its arguments. */
export function bytecodeOf(contract: string, build: Build): Hex {
  const file = new URL(`../../contracts/out/${build}/${contract}.sol/${contract}.json`, import.meta.url)
  try {
    return JSON.parse(readFileSync(file, 'utf8')).bytecode.object
  } catch (cause) {
    throw new KinmarkError('deploy.contract-not-built', { contract }, { cause })
  }
}
