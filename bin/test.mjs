#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { environment, install, newerNode, root, stop } from './install.mjs'

// Runs all tests: contracts, units, stories in a browser. A failed suite does not stop the others.

install()
installBrowser()

const node = newerNode()
/** Resolves the package server-only to an empty module instead of one that throws: lib/deploy imports it. */
const serverOnly = ['--conditions=react-server']
const suites = [
  ['contracts', node, [...serverOnly, '--import', 'tsx', 'bin/contracts.ts']],
  ['contract tests', 'forge', ['test'], 'contracts'],
  ['unit tests', node, ['node_modules/vitest/vitest.mjs', 'run']],
  ['browser tests', node, ['node_modules/@playwright/test/cli.js', 'test', '--config', 'test/browser']],
  ['stories', node, [...serverOnly, 'node_modules/@playwright/test/cli.js', 'test']],
]

const results = suites.map(([name, command, args, folder = '.']) => {
  console.log(`\n── ${name}`)
  const began = Date.now()
  const { status, error } = spawnSync(command, args, { cwd: `${root}${folder}`, env: environment, stdio: 'inherit' })
  if (error) console.error(error.message)
  return { name, passed: status === 0, seconds: Math.round((Date.now() - began) / 1000) }
})

console.log()
for (const { name, passed, seconds } of results) console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`)
const failed = results.filter(({ passed }) => !passed).length
console.log(`${results.length - failed} suites passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

/** Installs Debian’s chromium where apt-get can, otherwise Playwright’s own. */
function installBrowser() {
  if (existsSync('/usr/bin/chromium')) return
  const run = (command, args) => spawnSync(command, args, { env: environment, stdio: 'inherit' }).status === 0
  const isRoot = process.getuid?.() === 0
  if (existsSync('/usr/bin/apt-get') && isRoot) {
    console.log('Installing chromium …')
    const quiet = ['-qq', '-y', '--no-install-recommends']
    if (run('apt-get', ['update', '-qq']) && run('apt-get', ['install', ...quiet, 'chromium'])) return
  }
  if (!run(newerNode(), ['node_modules/@playwright/test/cli.js', 'install', '--with-deps', 'chromium']))
    stop('No browser could be installed: put a chromium at /usr/bin/chromium.')
}
