import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { hasSwift, startSwift } from './s3/swift'

/** Runs an S3 server on this machine, OpenStack Swift of Debian's packages, until Ctrl-C. */

const help = `npm run s3 -- [--data DIR] [--port N]

  --data   where its objects and its key are; by default data/s3
  --port   by default 9000; the three ports after it are used too

One disk, one replica. For more than one machine, run a store that is made for it.`

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'data/s3' },
    port: { type: 'string', default: '9000' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  console.log(help)
} else if (!hasSwift) {
  console.error('OpenStack Swift is not installed: apt install swift-proxy swift-account swift-container swift-object')
  process.exitCode = 1
} else {
  const { place, stop } = await startSwift(resolve(values.data), Number(values.port))
  console.log(`An S3 server listens. Kinmark uses it with these variables:

KINMARK_S3_ENDPOINT=${place.endpoint}
KINMARK_S3_BUCKET=${place.bucket}
AWS_ACCESS_KEY_ID=${place.accessKeyId}
AWS_SECRET_ACCESS_KEY=${place.secretAccessKey}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}
