import 'server-only'
import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/open'
import { listings, listingWords } from '../../db/schema'
import { openCache } from './cached'
import { prepared } from './prepared'

/**
 * One word of a search as the index knows it.
 *
 * Postgres joins the lists of whole words by leaping over what they do not share, but reads all that a beginning has. So a
 * beginning becomes the whole words that there are, as `listing_words` has them. That makes a search for common words 40
 * times cheaper.
 */
export type Term = {
  word: string
  /** A `tsquery`: the words that begin so, or have this stem; null where no model has one. */
  query: string | null
  /** About how many models have it. */
  models: number
  /** So many words begin so, of so many models, that the index should not be asked for them. */
  isBroad: boolean
  /** A word such as “the”, which English texts are not told apart by. */
  isStop: boolean
}

const seconds = 5
const terms = openCache(5_000)
/** A beginning of more words stays one. */
const mostWords = 64
const countedWords = 2_000
const broadModels = 2_000
/** The last character that there is. */
const last = '\u{10ffff}'

/** The terms of these words, at most five seconds old. */
export async function termsOf(db: Db, words: string[]): Promise<Term[]> {
  const wanted: string[] = []
  const batch = { read: null as Promise<Map<string, Term>> | null }
  // Words that are asked for together are read together, once all of them are known.
  const read = async (word: string) => {
    wanted.push(word)
    batch.read ??= Promise.resolve().then(() => readTerms(db, wanted))
    return (await batch.read).get(word) as Term
  }
  return Promise.all(words.map((word) => terms(word, seconds, () => read(word))))
}

type Row = {
  word: string
  lexemes: string[]
  stems: string[]
  /** As Postgres writes the beginning itself. */
  raw: string
  begin: { words: string[]; count: number; models: number }
}

async function readTerms(db: Db, words: string[]): Promise<Map<string, Term>> {
  const query = prepared(db, 'search_terms', (name) => {
    const lexeme = sql`(g.lexemes)[1] collate "C"`
    const begin = sql`select word, models from ${listingWords} where word >= ${lexeme} and word < ${lexeme} || ${last} limit ${sql.raw(`${countedWords}`)}`
    return db
      .select({
        word: sql<string>`g.word`,
        lexemes: sql<string[]>`g.lexemes`,
        stems: sql<string[]>`g.stems`,
        raw: sql<string>`to_tsquery('simple', '''' || g.word || ''':*')::text`,
        known: sql<string[]>`array(select word from ${listingWords} where word = any (g.lexemes || g.stems))`,
        begin: sql<
          Row['begin']
        >`(select json_build_object('words', coalesce((array_agg(word order by word))[1:${sql.raw(`${mostWords}`)}], '{}'),
          'count', count(*), 'models', coalesce(sum(models), 0)) from (${begin}) b)`,
      })
      .from(
        sql`(select word, tsvector_to_array(to_tsvector('simple', word)) as lexemes, tsvector_to_array(to_tsvector('english', word)) as stems
          from unnest(${sql.placeholder('words')}::text[]) word) g`,
      )
      .prepare(name)
  })
  const rows = await query.execute({ words })
  return new Map(rows.map((row) => [row.word, termOf(row)]))
}

function termOf({ word, lexemes, stems, known, raw, begin }: Row & { known: string[] }): Term {
  const isStop = lexemes.length > 0 && stems.length === 0
  // Postgres takes it for several words in a row.
  if (lexemes.length !== 1) return { word, query: raw || null, models: 0, isBroad: false, isStop: raw === '' }
  // So many words begin with one Latin letter that a search for it means the letter.
  const isLetter = /^[a-z0-9]$/.test(word)
  const isNarrow = isLetter || begin.count <= mostWords
  const whole = isLetter ? known : [...begin.words, ...known]
  const queries = isNarrow ? whole.map(quoted) : [`${quoted(lexemes[0])}:*`, ...known.map(quoted)]
  const query = queries.length > 0 ? `(${[...new Set(queries)].join(' | ')})` : null
  return { word, query, models: begin.models, isBroad: !isNarrow && begin.models >= broadModels, isStop }
}

const quoted = (lexeme: string) => `'${lexeme.replace(/['\\]/g, '$&$&')}'`

/** A term of so many times the models of the rarest one says little more. */
const muchMore = 50

/** Two `tsquery`s, both of which a listing meets: the index is asked for one, and the other is read off what it finds. */
export type Matching = { asked: string; read: string | null }

/** What a listing meets that has all of these terms; null where none can. */
export function matchingAll(all: Term[]): Matching | null {
  const telling = all.filter(({ isStop }) => !isStop)
  const needed = telling.length > 0 ? telling : all
  if (needed.some(({ query }) => query === null)) return null
  const rarest = Math.min(...needed.filter(({ isBroad }) => !isBroad).map(({ models }) => models))
  const isAsked = ({ isBroad, models }: Term) => !isBroad && models <= muchMore * rarest
  const [asked, read] = [needed.filter(isAsked), needed.filter((term) => !isAsked(term))]
  if (asked.length === 0 || read.length === 0) return { asked: allOf(needed), read: null }
  return { asked: allOf(asked), read: allOf(read) }
}

const allOf = (some: Term[]) => some.map(({ query }) => query).join(' & ')

/** `asked` and `read`: those of a `Matching`, or their places in a statement. */
export function matches({ asked, read }: { asked: string | Placeholder; read: string | Placeholder | null }): SQL {
  const found = sql`${listings.search} @@ ${asked}::tsquery`
  // The operator’s function: an index does not know it.
  return read === null ? found : sql`(${found} and ts_match_vq(${listings.search}, ${read}::tsquery))`
}
