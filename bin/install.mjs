import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
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

/** Brings what package-lock.json names, when it is not there or is older than the lock file. */
export function install() {
  if (major < 20) stop(`Kinmark needs Node 20 or newer; this is ${process.version}.`)
  const installed = join(modules, '.package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return
  console.log('Installing what package-lock.json names …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) stop(`npm ci ended with status ${status}; what it says is above.`)
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
