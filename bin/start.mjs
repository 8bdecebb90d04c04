#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { environment, install, newerNode, root } from './install.mjs'

// Everything at once on this machine: see bin/start/main.ts. This file runs on any Node, before anything is installed.

install()
const child = spawn(newerNode(), ['--import', 'tsx', 'bin/start/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: environment,
  stdio: 'inherit',
})
// Ctrl-C reaches the child by itself; it stops everything in order, and we wait for it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
