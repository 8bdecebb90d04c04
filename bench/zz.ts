import { openDatabase } from '../lib/db/open'
import { generate } from './market/generate'
const { db, close } = await openDatabase({ folder: '', url: 'postgres://postgres@127.0.0.1:5599/postgres' })
console.log(new Date())
await generate(db, { models: 100_000, copies: 1_000_000, lines: 10_000_000, descendants: 10_000 })
console.log(new Date())
await close()
