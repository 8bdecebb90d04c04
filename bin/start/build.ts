import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KinmarkError } from '../../lib/error'

const nextBin = 'node_modules/next/dist/bin/next'
const commonSources = ['package-lock.json', 'package.json']

const builds = [
  {
    name: 'contracts',
    args: ['--conditions=react-server', '--import', 'tsx', 'bin/contracts.ts'],
    sources: ['contracts/src/**', 'contracts/foundry.toml', 'contracts/solc.mjs'],
    stamp: 'contracts/out/.kinmark-sources',
  },
  {
    name: 'app',
    args: [nextBin, 'build'],
    sources: [
      'app/**',
      'components/**',
      'lib/**',
      'messages/**',
      'instrumentation.ts',
      'instrumentation-client.ts',
      'proxy.ts',
      '*.config.*',
      'tsconfig.json',
    ],
    stamp: '.next/.kinmark-sources',
  },
]

/** Builds the contracts and the app, each only when its sources have changed since its last build. */
export async function buildWhatChanged(root: string): Promise<void> {
  for (const { name, args, sources, stamp } of builds) {
    const hash = hashOf(root, [...commonSources, ...sources])
    const file = join(root, stamp)
    if (existsSync(file) && readFileSync(file, 'utf8') === hash) continue
    console.log(`Building the ${name} …`)
    await run(root, name, args)
    writeFileSync(file, hash)
  }
}

async function run(root: string, name: string, args: string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [status] = await once(child, 'close')
  if (status === 0) return
  console.error(output)
  throw new KinmarkError('start.build-failed', { name, status })
}

function hashOf(root: string, patterns: string[]): string {
  const hash = createHash('sha256')
  const files = globSync(patterns, { cwd: root }).filter((file) => !/\.(test|golden)\./.test(file))
  for (const file of files.sort()) {
    if (!statSync(join(root, file)).isFile()) continue
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}
