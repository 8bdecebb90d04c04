import { openWebRuntime } from '../../lib/inference/web/open-web-runtime'
import { type Figures, measure, type Workload } from '../measure-runtime'
import { kinmarkSubject } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** Kinmark in a page, with files chosen in the page’s file input. */
export async function run({ workload }: { workload: Workload }): Promise<Figures> {
  const chosen = document.querySelector('input')?.files ?? []
  const files = Array.from(chosen, (blob) => ({ name: blob.name, blob }))
  return measure(async () => kinmarkSubject(await openWebRuntime(files, { backend: 'wasm' })), workload, memoryOfPage)
}
