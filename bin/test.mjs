#!/usr/bin/env node
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setPriority } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { environment, install, newerNode, root, stop } from './install.mjs'

// Runs all tests: contracts, stories in a browser, units, the server’s units on Postgres, libraries in a browser. A failed
// suite does not stop the others.

install()
installBrowser()
installServers()

const node = newerNode()
/** Resolves the package server-only to an empty module instead of one that throws: lib/deploy imports it. */
const serverOnly = ['--conditions=react-server']
const playwright = 'node_modules/@playwright/test/cli.js'
const suites = [
  { name: 'contracts', command: node, args: [...serverOnly, '--import', 'tsx', 'bin/contracts.ts'] },
  { name: 'contract tests', command: 'forge', args: ['test'], folder: 'contracts' },
  // The long ones come first, so that neither core waits at the end.
  { name: 'stories', command: node, args: [...serverOnly, playwright, 'test'], needs: 'contracts' },
  { name: 'unit tests', command: node, args: ['node_modules/vitest/vitest.mjs', 'run'], needs: 'contracts' },
  {
    name: 'server tests on Postgres',
    command: node,
    args: ['node_modules/vitest/vitest.mjs', 'run'],
    env: { KINMARK_TEST_DATABASE: 'postgres' },
    needs: 'contracts',
  },
  { name: 'browser tests', command: node, args: [playwright, 'test', '--config', 'test/browser'] },
].map((suite) => ({ ...suite, output: [] }))

/** How nice the other suites are to the stories, which wait for pages, blocks and deadlines while the others only compute. */
const niceness = 5

/** Suites that run at the same time. A single suite leaves a core idle while it compiles, builds or waits. */
const lanes = 2

const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
/** The lines in which the runners count tests that passed, failed or were skipped. */
const counts = /^\s*(Tests\s|Ran \d+ test suites|\d+ (passed|failed|flaky|skipped|interrupted|did not run)\b)/
/** The lines in which the runners name a test that failed: vitest, Playwright, forge. */
const failures = /^\s*(FAIL\s+\S|\d+\) .*›|\[FAIL)/

let shown = 0
let stopping = false
const began = Date.now()
// Ctrl-C reaches the children directly; they stop what they started.
process.on('SIGINT', () => (stopping = true))
process.on('SIGTERM', () => {
  stopping = true
  for (const { child, seconds } of suites) if (child && seconds === undefined) child.kill('SIGINT')
})

await new Promise((done) => {
  const startNext = () => {
    show()
    const running = suites.filter(({ child, seconds }) => child && seconds === undefined)
    if (running.length === 0 && (stopping || suites.every(({ child }) => child))) return done()
    const ready = suites.filter((suite) => !suite.child && isDone(suite.needs))
    if (!stopping) for (const suite of ready.slice(0, lanes - running.length)) start(suite, startNext)
  }
  startNext()
})

console.log()
for (const { name, passed, seconds, output } of suites) {
  const lines = stripVTControlCharacters(output.join('')).split('\n')
  const summary = lines.filter((line) => counts.test(line)).map((line) => line.trim().replace(/\s+/g, ' '))
  console.log(`${passed ? 'passed' : 'FAILED'}  ${[`${name} (${seconds ?? 0} s)`, ...summary].join('; ')}`)
  if (!passed)
    for (const line of new Set(lines.filter((line) => failures.test(line)))) console.log(`        ${line.trim()}`)
}
const failed = suites.filter(({ passed }) => !passed).length
console.log(`${secondsSince(began)} s in all`)
console.log(`${suites.length - failed} suites passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function isDone(name) {
  return name === undefined || suites.find((suite) => suite.name === name).seconds !== undefined
}

function start(suite, onEnd) {
  const { command, args, env, folder = '.', output } = suite
  const started = Date.now()
  const end = (passed) => {
    if (suite.seconds !== undefined) return
    Object.assign(suite, { passed, seconds: secondsSince(started) })
    onEnd()
  }
  suite.child = spawn(command, args, {
    cwd: `${root}${folder}`,
    env: { ...environment, ...color, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (suite.name !== 'stories' && suite.child.pid) setPriority(suite.child.pid, niceness)
  for (const stream of [suite.child.stdout, suite.child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output.push(text)
      show()
    })
  suite.child.on('error', ({ message }) => {
    output.push(`${message}\n`)
    end(false)
  })
  suite.child.on('close', (status) => end(status === 0))
  show()
}

/** Prints the suites’ output in order: that of the first unfinished suite as it comes, that of later ones when it ends. */
function show() {
  for (; shown < suites.length && suites[shown].child; shown++) {
    const suite = suites[shown]
    if (suite.printed === undefined) {
      console.log(`\n── ${suite.name}`)
      suite.printed = 0
    }
    for (; suite.printed < suite.output.length; suite.printed++) process.stdout.write(suite.output[suite.printed])
    if (suite.seconds === undefined) return
  }
}

function secondsSince(start) {
  return Math.round((Date.now() - start) / 1000)
}

/** One of Debian's browsers where there is one or apt can install it, else Playwright's own. */
function installBrowser() {
  const debian = ['chromium-headless-shell', 'chromium']
  if (debian.some((name) => existsSync(`/usr/bin/${name}`) || installed(name))) return
  if (!run(newerNode(), ['node_modules/@playwright/test/cli.js', 'install', '--with-deps', 'chromium']))
    stop('No browser could be installed: put a chromium at /usr/bin/chromium.')
}

/** The servers that tests start: Postgres, which they need, and an S3 server. */
function installServers() {
  const hasPostgres = process.env.KINMARK_POSTGRES_BIN || existsSync('/usr/lib/postgresql') || installed('postgresql')
  if (!hasPostgres)
    console.log('Postgres could not be installed: name the folder of its programs in KINMARK_POSTGRES_BIN.')
  if (existsSync('/usr/bin/swift-proxy-server')) return
  if (!installed('swift-proxy', 'swift-account', 'swift-container', 'swift-object'))
    console.log('OpenStack Swift could not be installed: the tests of blobs in a bucket are skipped.')
}

/** Whether apt could install Debian's packages. */
function installed(...packages) {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return false
  console.log(`Installing ${packages.join(', ')} …`)
  const options = ['-qq', '-y', '--no-install-recommends']
  return run('apt-get', ['update', '-qq']) && run('apt-get', ['install', ...options, ...packages])
}

function run(command, args) {
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { env, stdio: 'inherit' }).status === 0
}
