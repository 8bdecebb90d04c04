import { startStubUpstream } from './stub-upstream'

/** A stub upstream in a process of its own. Prints its address. */
const { url } = await startStubUpstream()
process.stdout.write(`${url}\n`)
