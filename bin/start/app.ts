import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env } from '../../lib/env'

const next = join(fileURLToPath(new URL('../..', import.meta.url)), 'node_modules/next/dist/bin/next')

/** How Node starts an app process. It ends in order by itself (lib/market/stop-on-signal.ts), so Next leaves signals to it. */
export function appCommand({ port, host, data }: Pick<Env, 'port' | 'host' | 'data'>) {
  return {
    args: [next, 'start', '--port', String(port), '--hostname', host],
    env: { NODE_ENV: 'production' as const, NEXT_MANUAL_SIG_HANDLE: 'true', KINMARK_DATA: data },
  }
}
