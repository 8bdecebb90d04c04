import { inspectWebFiles } from '../../lib/inference/web/inspect-web-files'
import { openWebRuntime } from '../../lib/inference/web/open-web-runtime'
import { type Figures, measure, type Workload } from '../measure-runtime'
import { kinmarkSubject } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** Kinmark in a page, with files chosen in the page’s file input. */
export async function run({ workload }: { workload: Workload }): Promise<Figures> {
  const chosen = document.querySelector('input')?.files ?? []
  const files = Array.from(chosen, (file) => ({ path: file.name, file }))
  const open = async () => openWebRuntime(await inspectWebFiles(files), { backend: 'wasm' })
  return measure(async () => kinmarkSubject(await open()), workload, memoryOfPage)
}
