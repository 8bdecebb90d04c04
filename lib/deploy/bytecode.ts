import { readFileSync } from 'node:fs'
import type { Hex } from 'viem'
import { LegacyError } from '../error'

/** Which build: `local` is small enough for a chain's limit, `production` is what goes to a public chain. */
export type Build = 'local' | 'production'

/** The creation code of a compiled contract, without its arguments. */
export function bytecodeOf(contract: string, build: Build): Hex {
  const file = new URL(`../../contracts/out/${build}/${contract}.sol/${contract}.json`, import.meta.url)
  try {
    return JSON.parse(readFileSync(file, 'utf8')).bytecode.object
  } catch (cause) {
    throw new LegacyError(`The contract ${contract} is not built: run npm run contracts:build.`, { cause })
  }
}
