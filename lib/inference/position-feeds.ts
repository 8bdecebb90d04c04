import { ropeTables } from '../onnx/rope/rope-tables'
import type { ModelConfig } from '../weights/config/config'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { TokenBatch } from './runtime'

/** The graph's inputs for rows of tokens that follow `past` earlier tokens. */
export function positionFeeds(
  { Tensor }: Pick<Engine, 'Tensor'>,
  { ropes }: Pick<ModelConfig, 'ropes'>,
  { ids, rows, length }: TokenBatch,
  past: number,
): Feeds {
  const positions = Array.from({ length }, (_, i) => past + i)
  const tables = Object.entries(ropes ?? {}).flatMap(([kind, rope]) => {
    const { cos, sin } = ropeTables(rope, positions, past + length)
    const shape = [length, rope.dim / 2]
    return [
      [`${kind}.cos`, new Tensor('float32', cos, shape)],
      [`${kind}.sin`, new Tensor('float32', sin, shape)],
    ]
  })
  return {
    ...Object.fromEntries(tables),
    ids: new Tensor('int32', ids, [rows, length]),
    lengths: new Tensor('int32', new Int32Array(rows).fill(past + length - 1), [rows]),
    total: new Tensor('int32', Int32Array.of(past + length), []),
  }
}
