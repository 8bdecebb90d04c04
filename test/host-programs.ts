import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from 'viem'

export type HostProgram = {
  /** Waits for a line that matches. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  stop(): Promise<void>
}

const patienceMs = 120_000

/** `kinmark` in a process of its own. */
function kinmark(args: string[]): HostProgram {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'bin/kinmark.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text += chunk
    })
  return {
    async said(pattern) {
      for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
        const found = pattern.exec(text)
        if (found) return found
        if (child.exitCode !== null) break
        await new Promise((done) => setTimeout(done, 100))
      }
      throw new Error(`${args[0]} never said ${pattern}: ${text}`)
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

type Gateway = {
  copy: string
  upstream: string
  port: number
  rpcUrl: string
  /** Holds `deployment.json`. */
  data: string
  /** Where this gateway keeps its log and its key. */
  folder: string
  ownerKey?: Hex
}

/** Serves the model that chats, at any port; returns the program and its address. */
export async function serveQuill(): Promise<{ program: HostProgram; url: string }> {
  const program = kinmark(['serve', 'public/models/quill', '--port', '0'])
  const [, url] = await program.said(/at (http:\S+)\/v1/)
  return { program, url }
}

export function startGatewayProgram({ copy, upstream, port, rpcUrl, data, folder, ownerKey }: Gateway): HostProgram {
  const file = join(mkdtempSync(join(tmpdir(), 'kinmark-owner-')), 'owner.key')
  if (ownerKey) writeFileSync(file, ownerKey, { mode: 0o600 })
  return kinmark([
    ...['gateway', '--copy', copy, '--upstream', upstream, '--port', `${port}`, '--rpc', rpcUrl, '--data', folder],
    ...['--deployment', join(data, 'deployment.json'), '--price', '20', '--precision', 'F16'],
    ...['--url', `http://127.0.0.1:${port}/v1`, ...(ownerKey ? ['--owner-key', file] : [])],
  ])
}
