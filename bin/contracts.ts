import { spawnSync } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Abi } from 'viem'
import { foundryEnv, foundryMissing } from '../lib/deploy/foundry'
import { KinmarkError, messageOf } from '../lib/error'

/** Compiles the contracts and writes their ABIs to lib/chain/generated.ts. */

const root = fileURLToPath(new URL('..', import.meta.url))

const contracts = {
  modelRegistryAbi: 'ModelRegistry',
  copyRegistryAbi: 'CopyRegistry',
  minterRegistryAbi: 'MinterRegistry',
  protocolAbi: 'Protocol',
  treasuryAbi: 'Treasury',
  modelSharesAbi: 'ModelShares',
  usageLedgerAbi: 'UsageLedger',
  userLedgerAbi: 'UserLedger',
  challengeCourtAbi: 'ChallengeCourt',
  keyLedgerAbi: 'KeyLedger',
  proverRegistryAbi: 'ProverRegistry',
  caseCourtAbi: 'CaseCourt',
  leakCasesAbi: 'LeakCases',
  refusalCasesAbi: 'RefusalCases',
  parentCasesAbi: 'ParentCases',
  originsAbi: 'Origins',
  modelGovernorAbi: 'ModelGovernor',
  modelGovernorFactoryAbi: 'ModelGovernorFactory',
  protocolTimelockAbi: 'ProtocolTimelock',
  deployerAbi: 'Deployer',
  tokenTrialAbi: 'TokenTrial',
  testUsdAbi: 'TestUSD',
}

function forgeBuild(): void {
  const { error, status } = spawnSync('forge', ['build', '--skip', 'test'], {
    cwd: `${root}contracts`,
    env: { ...foundryEnv, FOUNDRY_PROFILE: 'local' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) throw foundryMissing('forge', error)
  if (status !== 0) throw new KinmarkError('deploy.build-failed', { status })
}

function abiOf(contract: string): Abi {
  const artifact = JSON.parse(readFileSync(`${root}contracts/out/local/${contract}.sol/${contract}.json`, 'utf8'))
  return JSON.parse(JSON.stringify(artifact.abi, (key, value) => (key === 'internalType' ? undefined : value)))
}

function source(): string {
  const parts = Object.entries(contracts).map(([name, contract]) => {
    const items = abiOf(contract).map((item) => `  ${JSON.stringify(item)},\n`)
    return `export const ${name} = [\n${items.join('')}] as const\n`
  })
  return `// Written by bin/contracts.ts from contracts/: npm run contracts:build\n\n${parts.join('\n')}`
}

try {
  forgeBuild()
  // Renamed at the end: a program that runs beside this one never reads half of it.
  const file = `${root}lib/chain/generated.ts`
  writeFileSync(`${file}.new`, source())
  renameSync(`${file}.new`, file)
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
