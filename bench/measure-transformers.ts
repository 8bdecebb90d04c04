import { basename, dirname } from 'node:path'
import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers'
import { measure, type Workload } from './measure-runtime'
import { peakOfProcess } from './peak'
import { transformersSubject } from './subjects'

/** One column of `bench:runtime`: an exported folder run by transformers.js in Node. */

const [folder, text] = process.argv.slice(2)
const workload: Workload = JSON.parse(text)
env.allowRemoteModels = false
env.localModelPath = dirname(folder)

const open = async () =>
  transformersSubject(await AutoModelForCausalLM.from_pretrained(basename(folder)), Tensor, workload)
process.stdout.write(JSON.stringify(await measure(open, workload, peakOfProcess)))
