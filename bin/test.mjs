#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { environment, install, newerNode, root, stop } from './install.mjs'

// Every test there is: contracts, units, the stories in a browser. Goes on after a failure, so that one run tells all.

install()
bringBrowser()

const node = newerNode()
const suites = [
  ['contracts', node, ['--import', 'tsx', 'bin/contracts.ts']],
  ['contract tests', 'forge', ['test'], 'contracts'],
  ['unit tests', node, ['node_modules/vitest/vitest.mjs', 'run']],
  ['browser tests', node, ['node_modules/@playwright/test/cli.js', 'test', '--config', 'test/browser']],
  ['stories', node, ['node_modules/@playwright/test/cli.js', 'test']],
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

/** Debian's chromium where apt can bring it, else Playwright's own. */
function bringBrowser() {
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
