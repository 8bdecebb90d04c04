import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { measure, type Workload } from './measure-runtime'
import { peakOfProcess } from './peak'
import { ofKinmark } from './subjects'

/** One column of `bench:runtime`: a folder as Kinmark runs it. */

const [folder, text] = process.argv.slice(2)
const workload: Workload = JSON.parse(text)
const figures = await measure(async () => ofKinmark(await openNodeRuntime(folder)), workload, peakOfProcess)
process.stdout.write(JSON.stringify(figures))
