import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')

const [major, minor] = process.versions.node.split('.').map(Number)

/** Ends with one sentence. */
export function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}

/** Brings what package-lock.json names, when it is not there or the lock file has changed since. */
export function install() {
  if (major < 20) stop(`Kinmark needs Node 20 or newer; this is ${process.version}.`)
  const lockFile = join(root, 'package-lock.json')
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  const stamp = join(modules, '.kinmark-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  if (isNewer(join(modules, '.package-lock.json'), lockFile)) return
  console.log('Installing what package-lock.json names …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const options = ['--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync(npm, ['ci', ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) stop(`npm ci ended with status ${status}; what it says is above.`)
  writeFileSync(stamp, hash)
}

/** Whether somebody ran npm by hand since. */
function isNewer(installed, lockFile) {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs
}

/** A Node that everything runs on: the user's own, or the newer one that npm brought. */
export function newerNode() {
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath
  const brought = join(modules, '.bin', 'node')
  if (!existsSync(brought)) stop(`Kinmark needs Node 22.12 or newer on this system; this is ${process.version}.`)
  return brought
}

/** The environment in which what npm brought is found first. */
export const environment = {
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: '1',
}
