import { KinmarkError } from '../../error'
import { readContainer, writeContainer } from './container'

const kinds = [Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array] as const
type Numbers = InstanceType<(typeof kinds)[number]>

/** JSON key of a reference to an array’s section: [kind, section]. */
const mark = '$array'

/** JSON-like data that may contain typed arrays: JSON in the first section, each typed array in a section of its own. */
export function serialize(format: number, value: unknown): Uint8Array {
  const arrays: Numbers[] = []
  const json = JSON.stringify(value, (_, part) => {
    const kind = kinds.findIndex((each) => part instanceof each)
    return kind < 0 ? part : { [mark]: [kind, arrays.push(part)] }
  })
  return writeContainer(format, [new TextEncoder().encode(json), ...arrays])
}

export function deserialize(format: number, bytes: Uint8Array): unknown {
  const [json, ...sections] = readContainer(format, bytes)
  return JSON.parse(new TextDecoder().decode(json), (_, part) => {
    if (part === null || typeof part !== 'object' || !Object.hasOwn(part, mark)) return part
    const [kind, section] = part[mark]
    const { buffer } = sections[section - 1] ?? {}
    if (buffer === undefined || kinds[kind] === undefined)
      throw new KinmarkError('fingerprint.section-missing', { section, sections: sections.length })
    return new kinds[kind](buffer)
  })
}
