import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** These tests set environment variables and open the server's context, which a process has once. */
const ownProcess = ['lib/market/**/*.test.ts', 'lib/backup/*.test.ts']
const units = ['{lib,bin,components,messages,test}/**/*.test.{ts,tsx}']
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
          include: process.env.KINMARK_TEST_DATABASE === 'postgres' ? database : units,
          exclude: ownProcess,
          isolate: false,
        },
      },
      { extends: true, test: { name: 'market', include: ownProcess } },
    ],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
