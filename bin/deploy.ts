import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Address, getAddress, type Hex, isAddress, keccak256, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deploy } from '../lib/deploy/deploy'
import { foundryEnv, foundryMissing } from '../lib/deploy/foundry'
import { KinmarkError, messageOf } from '../lib/error'

/** Deploys Kinmark to an EVM chain. Writes the addresses, and the compiler input with which explorers verify the contracts. */

const root = fileURLToPath(new URL('..', import.meta.url))
const help = `npm run deploy -- --rpc URL --minter ADDRESS [--usd ADDRESS] [--out FILE]

  --rpc           the chain’s RPC URL
  --minter        the minter that new orders name; it must add its bond itself
  --usd           the token that is paid with: 6 decimals, EIP-2612, exact transfers; it is tried first, for which the
                  deployer must have 1.00 of it; by default a TestUSD with a faucet is created
  --governance    may propose changes of parameters (a multisig); by default the deployer
  --guardian      may pause new business; by default the deployer
  --protocol      receives the protocol’s cut; by default the deployer
  --salt          a word: the same deployer and word give the same addresses on every chain; by default kinmark
  --out           the file of addresses that the app reads; by default deployment.json. The compiler’s standard input
                  for explorers is written beside it, as FILE.verify.json

The environment variable KINMARK_DEPLOYER_KEY must hold the deployer’s private key (0x and 64 hex digits). To continue an
interrupted deployment, run the same command again.`

const optionNames = ['rpc', 'minter', 'usd', 'governance', 'guardian', 'protocol', 'salt', 'out'] as const

async function main(): Promise<void> {
  const options = Object.fromEntries(optionNames.map((name) => [name, { type: 'string' }] as const))
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
  const given = values as Partial<Record<(typeof optionNames)[number], string>>
  if (values.help) return console.log(help)
  const { rpc, out = 'deployment.json', salt = 'kinmark' } = given
  const minter = addressOf('minter', given.minter)
  if (!rpc) throw new KinmarkError('deploy.option-missing', { option: 'rpc' })
  if (!minter) throw new KinmarkError('deploy.option-missing', { option: 'minter' })
  const deployer = privateKeyToAccount(readKey('KINMARK_DEPLOYER_KEY'))
  build()
  const deployment = await deploy({
    rpcUrl: rpc,
    deployer,
    minter,
    build: 'production',
    salt: keccak256(stringToHex(salt)),
    usd: addressOf('usd', given.usd),
    guardian: addressOf('guardian', given.guardian) ?? deployer.address,
    governance: addressOf('governance', given.governance) ?? deployer.address,
    protocolAccount: addressOf('protocol', given.protocol) ?? deployer.address,
  })
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify(deployment, null, 2)}\n`)
  const input = `${out.replace(/\.json$/, '')}.verify.json`
  writeFileSync(input, standardInput())
  console.log(
    `Kinmark is deployed on chain ${deployment.chainId}. Addresses: ${out}. Compiler input for explorers: ${input}.`,
  )
}

function readKey(variable: string): Hex {
  const text = process.env[variable] ?? ''
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex
  throw new KinmarkError('deploy.key-invalid', { variable })
}

function addressOf(option: string, value: string | undefined): Address | undefined {
  if (value === undefined) return undefined
  if (!isAddress(value, { strict: false })) throw new KinmarkError('deploy.option-not-address', { option, value })
  return getAddress(value)
}

const buildInfo = join(root, 'contracts/out/production/build-info')

function build(): void {
  const { error, status } = spawnSync('forge', ['build', '--skip', 'test', '--force', '--build-info'], {
    cwd: join(root, 'contracts'),
    env: { ...foundryEnv, FOUNDRY_PROFILE: 'production' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) throw foundryMissing('forge', error)
  if (status !== 0) throw new KinmarkError('deploy.build-failed', { status })
}

/** The compiler’s standard input, with which explorers compile the contracts again. */
function standardInput(): string {
  const newest = readdirSync(buildInfo)
    .filter((name) => name.endsWith('.json'))
    .at(-1)
  if (!newest) throw new KinmarkError('deploy.build-info-missing', { folder: buildInfo })
  const { language, sources, settings } = JSON.parse(readFileSync(join(buildInfo, newest), 'utf8')).input
  return JSON.stringify({ language, sources, settings })
}

main().catch((error) => {
  console.error(messageOf(error))
  process.exit(1)
})
