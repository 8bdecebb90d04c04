import { sql } from 'drizzle-orm'
import type { Db } from '../../lib/db/open'

export type Sizes = { models: number; copies: number; lines: number; descendants: number }

/** Rows of a large market, made by the database itself. Model 1 has `descendants` descendants; account 7 holds shares of 50 models. */
export async function generate(db: Db, { models, copies, lines, descendants }: Sizes): Promise<void> {
  const address = (n: string) => `('0x' || lpad(to_hex(${n}), 40, '0'))`
  const hash = `('0x' || repeat('ab', 32))`
  const run = (text: string) => db.execute(sql.raw(text))
  await run(`insert into models (id, creator, majority, shares, registered_at, registered_tx, version, price, collateral, fee, royalty_bps, copies_sold, earned, income, trend)
    select i, ${address('i % 5000')}, ${address('i % 5000')}, ${address('i + 1000000')}, 1700000000 + i, ${hash}, 1,
      1000000 * (1 + (i * 7919) % 500), 5000000, 100, 500, i % 300, (i * 104729::bigint) % 1000000007, 0, 7000 + ln(1 + (i * 15485863::bigint) % 1000003)
    from generate_series(1, ${models}) i`)
  await run(`insert into clones select shares, id from models`)
  await run(`insert into versions (model_id, version, manifest_root, uri, publisher, registered_at, key_pool_root, metadata)
    select id, 1, ${hash}, 'test:' || id, creator, registered_at, ${hash},
      json_build_object('name', 'model ' || id, 'summary', 'A model.', 'task', 'text-generation', 'licence', 'mit', 'tags', '[]'::json, 'family', 'llama',
        'parameters', 1000000, 'dtype', 'F32', 'card', repeat('A card that says much. ', 100), 'files', '[]'::json, 'tensors', '[]'::json)
    from models`)
  await run(`insert into edges select i, 1, 'finetune', 0 from generate_series(2, ${descendants + 1}) i`)
  await run(`insert into ancestors select i, 1, 500, 0 from generate_series(2, ${descendants + 1}) i`)
  await run(
    `insert into ancestors select i, 1 + i % 1000, 500, 0 from generate_series(${descendants + 2}, ${models}) i`,
  )
  await run(`insert into listings (model_id, version, name, summary, task, licence, tags, family, parameters, size_bytes, parents, lineage, search)
    select id, 1, name, summary, task, licence, tags, family, 1000000 * (1 + n % 70000), 1000000 * (1 + n % 140000),
      array(select parent from edges where child = id), (select coalesce(jsonb_agg(jsonb_build_object('id', ancestor, 'royaltyBps', royalty_bps)), '[]') from ancestors where model_id = id),
      setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', array_to_string(tags, ' ')), 'B') || setweight(to_tsvector('english', summary), 'C')
    from (select id, n, family || ' ' || (array['chat', 'code', 'poems', 'law', 'medical', 'math', 'vision', 'story'])[1 + n % 8] || ' ' || to_hex(n * 2654435761 % 4294967296) as name,
        'A ' || family || ' model for ' || (array['translation', 'summaries', 'dialogue', 'retrieval', 'agents'])[1 + n % 5] || ' that was trained on ' || (n % 977) || ' books' as summary,
        (array['text-generation', 'translation', 'question-answering', 'summarization'])[1 + n % 4] as task,
        (array['mit', 'apache-2.0', 'cc0-1.0', 'llama3', 'gemma', 'other'])[1 + n % 6] as licence,
        array['tag' || n % 211, 'lang-' || n % 37] as tags, family
      from (select id, id::bigint as n, (array['llama', 'qwen', 'gemma', 'mistral', 'phi', 'smollm', 'olmo', 'granite', 'falcon', 'rwkv'])[1 + (id::bigint * 31) % 10] as family from models) a) b`)
  await run(`insert into holders select shares, creator, 600000 * 10::numeric ^ 18 from models`)
  await run(
    `insert into holders select shares, ${address('7')}, 400000 * 10::numeric ^ 18 from models where id::bigint % (${models} / 50) = 1 and creator <> ${address('7')}`,
  )
  await run(`insert into copies (id, model_id, version, buyer, minter, state, price, collateral, buyer_seed_hash, deliver_deadline, ordered_at, order_tx)
    select i, 1 + (i * 7::bigint) % ${models}, 1, ${address('i % 50000')}, ${address('1')}, 'active', 1000000, 5000000, ${hash}, 2000000000, 1700000000 + i, ${hash}
    from generate_series(1, ${copies}) i`)
  await run(`insert into ledger (block, log_index, model_id, kind, amount, at, tx)
    select i / 100, i % 100, 1 + (i * 13::bigint) % ${models}, 'usage', 1000 + i % 1000, 1700000000 + i / 10, ${hash}
    from generate_series(1, ${lines}) i`)
  await run(`insert into blocks values (${Math.ceil(lines / 100)}, ${hash})`)
  await run('vacuum analyze')
}
