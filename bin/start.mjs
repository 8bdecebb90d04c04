#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { environment, install, newerNode, root } from './install.mjs'

// Starts everything on this machine: see bin/start/main.ts. This file runs on any Node, before anything is installed.

install()
// The condition resolves the package server-only, which lib/deploy imports, to an empty module instead of one that throws.
const child = spawn(
  newerNode(),
  ['--conditions=react-server', '--import', 'tsx', 'bin/start/main.ts', ...process.argv.slice(2)],
  { cwd: root, env: environment, stdio: 'inherit' },
)
// The terminal sends Ctrl-C to the child too. It stops everything in order; this process waits for it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
