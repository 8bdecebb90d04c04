import { completion } from './completion'
import type { CommandOptions, CommandResult, OptionName, Values } from './options'

export type Command = {
  /** How many arguments it takes, at least and at most. */
  takes: readonly [number, number]
  options: readonly OptionName[]
  run(args: string[], values: Values, options: CommandOptions): Promise<CommandResult>
}

const [chain, listening, market, paying] = [
  ['rpc', 'deployment', 'data'],
  ['host', 'port'],
  ['site'],
  ['site', 'rpc', 'key-file'],
] as const

/** Every command. Each is loaded when it is used: what some need takes a while. */
export const commands: Record<string, Command> = {
  login: {
    takes: [0, 0],
    options: ['site', 'key-file'],
    run: async (_, values, options) => (await import('./market/login')).login(values, options),
  },
  logout: { takes: [0, 0], options: [], run: async () => (await import('./market/login')).logout() },
  search: {
    takes: [0, 100],
    options: [...market, 'family', 'licence', 'task', 'sort', 'limit'],
    run: async (words, values, options) => (await import('./market/search')).search(words, values, options),
  },
  info: {
    takes: [1, 1],
    options: market,
    run: async ([model], values, options) => (await import('./market/info')).info(model, values, options),
  },
  pull: {
    takes: [1, 1],
    options: ['site', 'rpc', 'out', 'parallel', 'repair'],
    run: async ([copy], values, options) => (await import('./market/pull')).pull(copy, values, options),
  },
  buy: {
    takes: [1, 1],
    options: [...paying, 'max', 'name'],
    run: async ([model], values, options) => (await import('./market/buy')).buy(model, values, options),
  },
  publish: {
    takes: [1, 1],
    options: [
      ...paying,
      ...(['max', 'name', 'price', 'collateral', 'fee', 'royalty', 'floor', 'leak', 'parents'] as const),
      ...(['no-derive', 'holders-derive', 'no-commercial', 'playground'] as const),
    ],
    run: async ([folder], values, options) => (await import('./market/publish')).publish(folder, values, options),
  },
  earnings: {
    takes: [0, 1],
    options: ['site', 'rpc'],
    run: async ([account], values, options) => (await import('./market/earnings')).earnings(account, values, options),
  },
  claim: {
    takes: [0, 0],
    options: paying,
    run: async (_, values, options) => (await import('./market/claim')).claim(values, options),
  },
  token: {
    takes: [0, 0],
    options: ['site', 'scopes', 'minutes', 'name'],
    run: async (_, values, options) => (await import('./market/token')).token(values, options),
  },
  completion: {
    takes: [1, 1],
    options: [],
    async run([shell]) {
      const script = completion(shell, commands)
      return { text: script, json: { script }, yes: true }
    },
  },
  inspect: { takes: [1, 1], options: [], run: async ([folder]) => (await import('./inspect')).inspect(folder) },
  export: {
    takes: [1, 1],
    options: ['out', 'format', 'precision'],
    run: async ([folder], values, options) => (await import('./export')).exportModel(folder, values, options),
  },
  prepare: {
    takes: [1, 1],
    options: ['keys', 'layers', 'secret', 'out'],
    run: async ([folder], values, options) => (await import('./prepare')).prepare(folder, values, options),
  },
  mint: {
    takes: [1, 1],
    options: ['prep', 'copy', 'out', 'seed', 'delta', 'held'],
    run: async ([folder], values, options) => (await import('./mint')).mint(folder, values, options),
  },
  merge: {
    takes: [2, 2],
    options: ['out'],
    run: async ([adapter, folder], values, { onProgress }) =>
      (await import('./merge')).merge(adapter, folder, values, onProgress),
  },
  assemble: {
    takes: [2, 2],
    options: ['out'],
    run: async ([delta, folder], values) => (await import('./assemble')).assemble(delta, folder, values),
  },
  verify: {
    takes: [1, 1],
    options: ['prep', 'copy', 'base', 'keys', 'model', 'fine-tune'],
    run: async ([target], values, options) => (await import('./verify')).verify(target, values, options),
  },
  trace: {
    takes: [1, 1],
    options: ['prep', 'base'],
    run: async ([folder], values, options) => (await import('./trace')).trace(folder, values, options),
  },
  listen: {
    takes: [1, 1],
    options: ['prep', 'base', 'fine-tune', 'model', 'answers', 'out'],
    run: async ([target], values, options) => (await import('./listen')).listen(target, values, options),
  },
  serve: {
    takes: [1, 1],
    options: [...listening, 'model', 'api-key', 'parallel', 'queue'],
    run: async ([folder], values, options) => (await import('./serve')).serve(folder, values, options),
  },
  gateway: {
    takes: [0, 0],
    options: [
      ...chain,
      ...listening,
      ...(['copy', 'upstream', 'upstream-key', 'url', 'price', 'cap', 'owner-key', 'free'] as const),
      ...(['x402-least', 'no-x402', 'precision', 'disclosed', 'database'] as const),
    ],
    run: async (_, values, options) => (await import('./gateway')).gateway(values, options),
  },
  'gateway keys create': {
    takes: [0, 0],
    options: [...chain, 'copy', 'database', 'name', 'budget', 'expires', 'per-minute'],
    run: async (_, values) => (await import('./gateway-keys')).createKey(values),
  },
  'gateway keys list': {
    takes: [0, 0],
    options: [...chain, 'copy', 'database'],
    run: async (_, values) => (await import('./gateway-keys')).listKeys(values),
  },
  'gateway keys revoke': {
    takes: [1, 1],
    options: [...chain, 'copy', 'database'],
    run: async ([id], values) => (await import('./gateway-keys')).revokeKey(id, values),
  },
  user: {
    takes: [0, 0],
    options: [...chain, ...listening, 'copy', 'to', 'user', 'user-key', 'reserve'],
    run: async (_, values, options) => (await import('./user')).user(values, options),
  },
}
