import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Address, getAddress, type Hex, isAddress, keccak256, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deploy } from '../lib/deploy/deploy'
import { foundryEnv, foundryMissing } from '../lib/deploy/foundry'
import { LegacyError, messageOf } from '../lib/error'

/** Puts Kinmark on any EVM chain, and writes down where it is and what explorers need to verify it. */

const root = fileURLToPath(new URL('..', import.meta.url))
const help = `npm run deploy -- --rpc URL --minter ADDRESS [--usd ADDRESS] [--out FILE]

  --rpc           the chain
  --minter        the minter that new orders name; it puts up its bond itself
  --usd           the money, a token of 6 decimals with EIP-2612; without it a TestUSD with a faucet is created
  --governance    proposes changes of parameters (a multisig); the deployer where none is named
  --guardian      may pause new business; the deployer where none is named
  --protocol      credited the protocol's cut; the deployer where none is named
  --salt          a word: the same deployer and word give the same addresses on every chain (kinmark)
  --out           the table of addresses that the app reads (deployment.json); beside it goes FILE.verify.json, the
                  compiler's standard input for explorers

The deployer's key is read from KINMARK_DEPLOYER_KEY (0x and 64 hex digits). A deployment that was cut off goes on where
it was when this is run again.`

const names = ['rpc', 'minter', 'usd', 'governance', 'guardian', 'protocol', 'salt', 'out'] as const

async function main(): Promise<void> {
  const strings = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const))
  const { values } = parseArgs({ options: { ...strings, help: { type: 'boolean', short: 'h' } } })
  const given = values as Partial<Record<(typeof names)[number], string>>
  if (values.help) return console.log(help)
  const { rpc, out = 'deployment.json', salt = 'kinmark' } = given
  const minter = addressOf('minter', given.minter)
  if (!rpc || !minter) throw new LegacyError(`--rpc and --minter are needed.\n\n${help}`)
  const deployer = privateKeyToAccount(keyOf(process.env.KINMARK_DEPLOYER_KEY))
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
  console.log(`Kinmark is on chain ${deployment.chainId}. Addresses: ${out}. Verification input: ${input}.`)
}

function keyOf(text = ''): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex
  throw new LegacyError('KINMARK_DEPLOYER_KEY is to hold the deployer’s key: 0x and 64 hex digits.')
}

function addressOf(name: string, text: string | undefined): Address | undefined {
  if (text === undefined) return undefined
  if (!isAddress(text, { strict: false })) throw new LegacyError(`--${name} is not an address: ${text}.`)
  return getAddress(text)
}

const buildInfo = join(root, 'contracts/out/production/build-info')

function build(): void {
  const { error, status } = spawnSync('forge', ['build', '--skip', 'test', '--force', '--build-info'], {
    cwd: join(root, 'contracts'),
    env: { ...foundryEnv, FOUNDRY_PROFILE: 'production' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) throw foundryMissing('forge', error)
  if (status !== 0) throw new LegacyError(`forge build ended with status ${status}; what it says is above.`)
}

/** What the compiler was given, as explorers want it to compile it again. */
function standardInput(): string {
  const newest = readdirSync(buildInfo)
    .filter((name) => name.endsWith('.json'))
    .at(-1)
  if (!newest) throw new LegacyError(`forge wrote no build info to ${buildInfo}.`)
  const { language, sources, settings } = JSON.parse(readFileSync(join(buildInfo, newest), 'utf8')).input
  return JSON.stringify({ language, sources, settings })
}

main().catch((error) => {
  console.error(messageOf(error))
  process.exit(1)
})
