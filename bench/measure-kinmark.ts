import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { type Asked, measure } from './measure-runtime'
import { peakOfProcess } from './peak'
import { ofKinmark } from './subjects'

/** One column of `bench:runtime`: a folder as Kinmark runs it. */

const [folder, text] = process.argv.slice(2)
const asked: Asked = JSON.parse(text)
const figures = await measure(async () => ofKinmark(await openNodeRuntime(folder)), asked, peakOfProcess)
process.stdout.write(JSON.stringify(figures))
