import { basename, resolve } from 'node:path'
import type { KinmarkError } from '../../lib/error'
import { openServedModel } from '../../lib/serve/served-model'
import { startServer } from '../../lib/serve/server'
import { type CommandResult, integerOf, type Values } from './options'
import { stopped } from './stopped'

const graceMs = 5000

type ServeOptions = { say(line: string): void; signal?: AbortSignal }

/** Serves a folder until the program is interrupted or terminated. */
export async function serve(folder: string, values: Values, { say, signal }: ServeOptions): Promise<CommandResult> {
  const options = {
    host: values.host ?? '127.0.0.1',
    port: integerOf(values, 'port', { least: 0, most: 65_535 }) ?? 8080,
    apiKey: values['api-key'] || process.env.KINMARK_API_KEY || null,
    limit: {
      running: integerOf(values, 'parallel', { least: 1, most: 1024 }) ?? 4,
      waiting: integerOf(values, 'queue', { least: 0, most: 65_536 }) ?? 64,
    },
    onFault: (error: unknown) => say(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  }
  const model = await openServedModel(folder, values.model || basename(resolve(folder)))
  const server = await startServer(model, options).catch(async (error: KinmarkError) => {
    await model.runtime.close()
    throw error
  })
  say(`Serving “${model.name}” at ${server.url}${options.apiKey ? ', with an API key' : ''}; Ctrl-C stops it.`)
  await stopped(signal)
  await server.close(graceMs)
  return { text: 'Stopped.', json: { model: model.name, url: server.url }, yes: true }
}
