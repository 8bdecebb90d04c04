import { InferenceSession } from 'onnxruntime-node'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { Figures } from './measure-runtime'
import { peakOfProcess } from './peak'

/** Measures the memory of a process that has loaded onnxruntime but no model. */

if (!InferenceSession || !openNodeRuntime) throw new Error('onnxruntime is missing.')
const figures: Figures = {
  load: 0,
  keysPerSecond: 0,
  tokensPerSecond: 0,
  peakBytes: { answering: peakOfProcess(), generated: peakOfProcess() },
}
process.stdout.write(JSON.stringify(figures))
