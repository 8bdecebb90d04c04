import { startTestGateway } from './gateway'

/** A gateway in a process of its own: `gateway-process.ts FOLDER UPSTREAM [free]`. Prints its address. */
const [folder, upstream, free] = process.argv.slice(2)
const { url } = await startTestGateway(upstream, { folder, paid: free === undefined })
process.stdout.write(`${url}\n`)
