import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { measure, type Workload } from './measure-runtime'
import { peakOfProcess } from './peak'
import { kinmarkSubject } from './subjects'

/** One column of `bench:runtime`: a folder run by Kinmark in Node. */

const [folder, text] = process.argv.slice(2)
const workload: Workload = JSON.parse(text)
const figures = await measure(async () => kinmarkSubject(await openNodeRuntime(folder)), workload, peakOfProcess)
process.stdout.write(JSON.stringify(figures))
