import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')

const [major, minor] = process.versions.node.split('.').map(Number)

/** Prints the message and ends the process with status 1. */
export function stop(message) {
  console.error(message)
  process.exit(1)
}

/** Installs the packages in package-lock.json, unless they are installed and the lock file has not changed since. */
export function install() {
  if (major < 20) stop(`Kinmark needs Node 20 or newer; this is ${process.version}.`)
  const lockFile = join(root, 'package-lock.json')
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  const stamp = join(modules, '.kinmark-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  if (isNewer(join(modules, '.package-lock.json'), lockFile)) return
  // npm ci would delete everything in the folder that the link points to.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
    stop('node_modules is a symbolic link: remove the link, or run npm ci in the folder that it points to.')
  console.log('Installing the packages in package-lock.json …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const options = ['--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync(npm, ['ci', ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) stop(`npm ci ended with status ${status}: see its messages above.`)
  writeFileSync(stamp, hash)
}

/** Whether npm was run by hand since the lock file changed. */
function isNewer(installed, lockFile) {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs
}

/** The Node that everything runs on: the user’s own when it is new enough, otherwise the one that npm installed. */
export function newerNode() {
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath
  const installed = join(modules, '.bin', 'node')
  if (!existsSync(installed)) stop(`Kinmark needs Node 22.12 or newer on this system; this is ${process.version}.`)
  return installed
}

/** The environment for child processes: the programs that npm installed come first on the PATH. */
export const environment = {
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: '1',
}
