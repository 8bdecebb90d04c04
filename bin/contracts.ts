import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Abi } from 'viem'
import { KinmarkError, sentenceOf } from '../lib/error'

/** Compiles the contracts and writes their ABIs to lib/chain/generated.ts. */

const root = fileURLToPath(new URL('..', import.meta.url))

const contracts = {
  modelRegistryAbi: 'IModelRegistry',
  copyRegistryAbi: 'ICopyRegistry',
  treasuryAbi: 'ITreasury',
  modelSharesAbi: 'IModelShares',
  testUsdAbi: 'ITestUSD',
}

function forgeBuild(): void {
  const path = [`${root}node_modules/.bin`, process.env.PATH].join(delimiter)
  const { error, status } = spawnSync('forge', ['build'], {
    cwd: `${root}contracts`,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error)
    throw new KinmarkError(
      'Kinmark’s contracts are built with forge, which was found neither in node_modules/.bin nor on the PATH: run `npm ci` on Linux x64, or install Foundry from https://getfoundry.sh.',
      { cause: error },
    )
  if (status !== 0) throw new KinmarkError(`forge build ended with status ${status}; what it says is above.`)
}

function abiOf(contract: string): Abi {
  const artifact = JSON.parse(readFileSync(`${root}contracts/out/${contract}.sol/${contract}.json`, 'utf8'))
  return JSON.parse(JSON.stringify(artifact.abi, (key, value) => (key === 'internalType' ? undefined : value)))
}

function source(): string {
  const parts = Object.entries(contracts).map(
    ([name, contract]) =>
      `export const ${name} = [\n${abiOf(contract)
        .map((item) => `  ${JSON.stringify(item)},\n`)
        .join('')}] as const\n`,
  )
  return `// Written by bin/contracts.ts from contracts/: npm run contracts:build\n\n${parts.join('\n')}`
}

try {
  forgeBuild()
  writeFileSync(`${root}lib/chain/generated.ts`, source())
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
