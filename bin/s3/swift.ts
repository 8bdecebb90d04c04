import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { s3Config } from '../../lib/storage/s3-client'
import type { S3Place } from '../../lib/storage/s3-place'
import { retryUntil } from '../start/retry-until'

const run = promisify(execFile)

/** Debian's Python, which has the package python3-swift: another one in the path has not. */
const python = '/usr/bin/python3'
const account = { name: 'kinmark', user: 'app' }
const bucket = 'kinmark'
/** How long its first answer may take. */
const startSeconds = 100
const parts = ['account', 'container', 'object'] as const

/** Whether OpenStack Swift is installed here: `apt install swift-proxy swift-account swift-container swift-object`. */
export const hasSwift = ['proxy', ...parts].every((part) => existsSync(`/usr/bin/swift-${part}-server`))

export type Swift = {
  place: S3Place
  /** Stops its four processes, as a machine that loses power: what was answered is on the disk. */
  stop(): Promise<void>
}

/**
 * Starts OpenStack Swift with its S3 interface at 127.0.0.1:`port`, with everything in `folder`; the three ports after
 * `port` are its own. One disk and one replica, for tests and for a single machine.
 */
export async function startSwift(folder: string, port: number): Promise<Swift> {
  await mkdir(join(folder, 'disk', 'd'), { recursive: true })
  const secret = await keyOf(join(folder, 'key'))
  const ports = new Map(parts.map((part, i) => [part, port + 1 + i]))
  await writeFile(join(folder, 'swift.conf'), swiftConf(secret))
  for (const [part, own] of ports) await writeFile(join(folder, `${part}.conf`), storageConf(folder, part, own))
  await makeRings(folder, ports)
  await writeFile(join(folder, 'proxy.conf'), proxyConf(folder, port, secret))
  const children = ['proxy', ...parts].map((part) => startServer(folder, part))
  const stop = async () => {
    await Promise.all(children.map((child) => stopped(child)))
  }
  const place: S3Place = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket,
    accessKeyId: `${account.name}:${account.user}`,
    secretAccessKey: secret,
  }
  try {
    await makeBucket(place, children)
  } catch (error) {
    await stop()
    throw error
  }
  return { place, stop }
}

/** A key of 32 hex digits, made once. */
async function keyOf(file: string): Promise<string> {
  await writeFile(file, randomBytes(16).toString('hex'), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  return readFile(file, 'utf8')
}

/** A ring says on which disks a part's entries are; here it is always the one disk. */
async function makeRings(folder: string, ports: ReadonlyMap<string, number>): Promise<void> {
  if (existsSync(join(folder, 'object.ring.gz'))) return
  const program = [
    'import json, sys',
    'from swift.common.ring import RingBuilder',
    'for part, port in json.loads(sys.argv[2]).items():',
    '  builder = RingBuilder(4, 1, 1)',
    '  builder.add_dev(dict(region=1, zone=1, ip="127.0.0.1", port=port, device="d", weight=1,',
    '    replication_ip="127.0.0.1", replication_port=port))',
    '  builder.rebalance()',
    '  builder.get_ring().save(f"{sys.argv[1]}/{part}.ring.gz")',
  ].join('\n')
  await run(python, ['-c', program, folder, JSON.stringify(Object.fromEntries(ports))])
}

/** Swift reads /etc/swift where nobody tells it of another folder. */
function startServer(folder: string, part: string): ChildProcess {
  const program = [
    'import sys',
    'from swift.common import utils',
    'utils.set_swift_dir(sys.argv[1])',
    'from swift.common.wsgi import run_wsgi',
    'sys.exit(run_wsgi(sys.argv[2], sys.argv[3]))',
  ].join('\n')
  const args = ['-c', program, folder, join(folder, `${part}.conf`), `${part}-server`]
  return spawn(python, args, { stdio: 'ignore' })
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await closed
}

/** Makes the bucket as soon as the server answers. Throws `start.not-ready`, and an error where one of its processes ends. */
async function makeBucket(place: S3Place, children: readonly ChildProcess[]): Promise<void> {
  const client = new S3Client({ ...s3Config(place), maxAttempts: 1 })
  const make = () =>
    client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error) => {
      if (error.name !== 'BucketAlreadyOwnedByYou') throw error
    })
  const done = new AbortController()
  const { signal } = done
  const ended = Promise.race(
    children.map(async (child) => {
      await once(child, 'exit', { signal })
      throw new Error('A process of Swift ended before it answered.')
    }),
  )
  try {
    await Promise.race([retryUntil('S3 server', make, startSeconds), ended])
  } finally {
    done.abort()
  }
}

const swiftConf = (secret: string) => `[swift-hash]
swift_hash_path_suffix = ${secret}

[storage-policy:0]
name = one
default = yes
`

const storageConf = (folder: string, part: string, port: number) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
swift_dir = ${folder}
devices = ${join(folder, 'disk')}
mount_check = false
workers = 0
user =
disable_fallocate = true

[pipeline:main]
pipeline = ${part}-server

[app:${part}-server]
use = egg:swift#${part}
`

/** \`slo\` is what the S3 interface builds its multipart uploads on. Without memcached, \`cache\` keeps nothing. */
const proxyConf = (folder: string, port: number, secret: string) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
swift_dir = ${folder}
workers = 0
user =

[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth copy slo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
# There is one node: one that is slow is waited for, and never left out.
conn_timeout = 10
node_timeout = 60
error_suppression_limit = 1000000

[filter:tempauth]
use = egg:swift#tempauth
user_${account.name}_${account.user} = ${secret} .admin

[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
min_segment_size = 5242880

[filter:slo]
use = egg:swift#slo

[filter:copy]
use = egg:swift#copy

[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:gatekeeper]
use = egg:swift#gatekeeper

[filter:listing_formats]
use = egg:swift#listing_formats
`
