import { openWebRuntime } from '../../lib/inference/open-web-runtime'
import { type Asked, type Figures, measure } from '../ask'
import { ofKinmark } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** Kinmark in a page, over files that were downloaded before. */
export async function ask({ folder, asked }: { folder: string; asked: Asked }): Promise<Figures> {
  const names = ['config.json', 'model.safetensors']
  const files = await Promise.all(
    names.map(async (name) => ({ name, blob: await (await fetch(`${folder}/${name}?url`)).blob() })),
  )
  return measure(async () => ofKinmark(await openWebRuntime(files, { backend: 'wasm' })), asked, memoryOfPage)
}
