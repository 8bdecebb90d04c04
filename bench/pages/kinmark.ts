import { openWebRuntime } from '../../lib/inference/web/open-web-runtime'
import { type Figures, measure, type Workload } from '../measure-runtime'
import { ofKinmark } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** Kinmark in a page, over files that were chosen in it. */
export async function ask({ workload }: { workload: Workload }): Promise<Figures> {
  const chosen = document.querySelector('input')?.files ?? []
  const files = Array.from(chosen, (blob) => ({ name: blob.name, blob }))
  return measure(async () => ofKinmark(await openWebRuntime(files, { backend: 'wasm' })), workload, memoryOfPage)
}
