import { KinmarkError } from '../../lib/error'

/** What went wrong, for scripts. 0 is yes or done, 1 is no. */
const statuses = {
  usage: 2,
  notAllowed: 3,
  money: 4,
  unreachable: 5,
  refused: 6,
  disk: 7,
  wrongBytes: 8,
  interrupted: 130,
} as const

type Status = keyof typeof statuses

const exact: Record<string, Status> = {
  'cli.interrupted': 'interrupted',
  'cli.login-needed': 'notAllowed',
  'cli.key-missing': 'notAllowed',
  'cli.key-other-account': 'notAllowed',
  'cli.site-moved': 'notAllowed',
  'market.copy-not-yours': 'notAllowed',
  'market.login-unknown': 'notAllowed',
  'chain.insufficient-funds': 'money',
  'cli.balance-low': 'money',
  'cli.above-max': 'money',
  'chain.unreachable': 'unreachable',
  'cli.site-unreachable': 'unreachable',
  'market.internal': 'unreachable',
  'market.rate-limited': 'unreachable',
  'browser.request-failed': 'unreachable',
  'publish.connection-lost': 'unreachable',
  'chain.transaction-failed': 'refused',
  'cli.disk-full': 'disk',
  'cli.path-unwritable': 'disk',
  'download.no-space': 'disk',
  'storage.in-use': 'disk',
  'cli.file-differs': 'wrongBytes',
  'download.hash-mismatch': 'wrongBytes',
  'download.root-mismatch': 'wrongBytes',
}

const beginnings: readonly (readonly [string, Status])[] = [
  ['market.token-', 'notAllowed'],
  ['market.sign-in-', 'notAllowed'],
  ['contract.', 'refused'],
  ['chain.', 'refused'],
  ['minting.', 'refused'],
]

/** The exit status of a command that failed. */
export function exitStatus(error: unknown): number {
  if (!(error instanceof KinmarkError)) return statuses.usage
  const { code } = error
  const status = exact[code] ?? beginnings.find(([beginning]) => code.startsWith(beginning))?.[1] ?? 'usage'
  return statuses[status]
}
