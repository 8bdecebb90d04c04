import { expect, test } from 'vitest'
import { countBlobs } from './count-blobs'
import { metrics, metricsText } from './metrics'

const state = {
  ready: true,
  chain: { head: 12, indexed: 10 },
  indexing: { leads: true, logsPerSecond: 7, logs: 9 },
  minting: { waiting: 3, deferred: 2, active: 1, failed: 4 },
  freeBytes: 5000,
}

test('default: figures of the process, the index, the queue and the disk', async () => {
  const lines = (await metricsText(state)).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'kinmark_ready 1',
      'kinmark_disk_free_bytes 5000',
      'kinmark_chain_head_block 12',
      'kinmark_indexed_block 10',
      'kinmark_index_lag_blocks 2',
      'kinmark_indexer_leads 1',
      'kinmark_indexer_logs_per_second 7',
      'kinmark_mint_jobs{state="waiting"} 3',
      'kinmark_mint_jobs{state="failed"} 4',
      expect.stringMatching(/^process_resident_memory_bytes \d+$/),
    ]),
  )
})

test('behavior: a chain that does not answer has no newest block', async () => {
  const text = await metricsText({ ...state, chain: { head: null, indexed: 10 } })
  expect(text).toMatch(/^kinmark_chain_head_block Nan$/m)
  expect(text).toMatch(/^kinmark_indexed_block 10$/m)
})

test('behavior: bytes of blobs are counted as they pass', async () => {
  const stored = [Buffer.from('weights')]
  const blobs = countBlobs({
    put: async () => ({ sha256: 'a', size: 7 }),
    async *read() {
      yield* stored
    },
  } as never)
  await blobs.put(stored)
  expect(await Array.fromAsync(blobs.read('a'))).toEqual(stored)
  const { values } = await metrics().blobBytes.get()
  expect(values.map(({ labels, value }) => [labels.direction, value])).toEqual([
    ['written', 7],
    ['read', 7],
  ])
})
