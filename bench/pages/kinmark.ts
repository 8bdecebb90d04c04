import { inspectWebFiles } from '../../lib/inference/web/inspect-web-files'
import { openWebRuntime } from '../../lib/inference/web/open-web-runtime'
import { type Figures, measure, type Workload } from '../measure-runtime'
import { ofKinmark } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** Kinmark in a page, over files that were chosen in it. */
export async function ask({ workload }: { workload: Workload }): Promise<Figures> {
  const chosen = document.querySelector('input')?.files ?? []
  const files = Array.from(chosen, (file) => ({ path: file.name, file }))
  const open = async () => openWebRuntime(await inspectWebFiles(files), { backend: 'wasm' })
  return measure(async () => ofKinmark(await open()), workload, memoryOfPage)
}
