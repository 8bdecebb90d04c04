import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { foundryEnv, foundryMissing } from '../lib/deploy/foundry'

export type Anvil = { rpcUrl: string; stop: () => Promise<void> }

/** Starts a temporary chain on a free port. `args` are passed to anvil unchanged. */
export async function startAnvil(args: readonly string[] = []): Promise<Anvil> {
  const child = spawn('anvil', ['--port', '0', ...args], { env: foundryEnv, stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close').catch((error) => {
    throw foundryMissing('anvil', error)
  })
  const listening = (async () => {
    for await (const line of createInterface(child.stdout)) {
      const [, address] = /^Listening on (\S+)/.exec(line) ?? []
      if (address) return `http://${address}`
    }
    await closed
    throw new Error(`anvil ended with status ${child.exitCode} before it listened.`)
  })()
  const rpcUrl = await listening
  child.stdout.resume()
  return {
    rpcUrl,
    stop: async () => {
      child.kill()
      await closed
    },
  }
}
