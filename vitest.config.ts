import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** These tests set environment variables and open the server's context, which a process has once. */
const ownProcess = ['lib/market/**/*.test.ts', 'lib/backup/*.test.ts']
const units = ['{lib,bin,components,messages,test}/**/*.test.{ts,tsx}']
/** Files below that ask no database, start one of their own, or are about minters: one run of them is enough. */
const onceIsEnough = [
  'lib/indexer/{chain-reader,shared}.test.ts',
  'lib/market/faults.test.ts',
  'lib/market/{context,hosts}/{dashboard,metrics,speed-of}.test.ts',
  'lib/market/http/{client-address,http,reader-locale,security-text,sign-in-message,watch-requests}.test.ts',
  'lib/market/mint/remote-minter.test.ts',
  'lib/market/read/{cursor,last-known}.test.ts',
  'lib/market/webhooks/private-addresses.test.ts',
]
const onPostgres = process.env.KINMARK_TEST_DATABASE === 'postgres'
/** The tests that ask a database and may share a process. A run on Postgres has these and those above. */
const database = ['lib/{db,indexer,jobs}/**/*.test.ts']

export default defineConfig({
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('.', import.meta.url)),
      'server-only': fileURLToPath(new URL('./node_modules/server-only/empty.js', import.meta.url)),
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: onPostgres ? database : units,
          exclude: [...ownProcess, ...(onPostgres ? onceIsEnough : [])],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'market', include: ownProcess, exclude: onPostgres ? onceIsEnough : [] } },
    ],
    environment: 'node',
    // As long as a crowded machine may take. None is measured by its time.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 120_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
