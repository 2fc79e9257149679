/** Nothing but the source's tables can be read, and nothing at all changed. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { aggregateFunctions, scalarFunctions, tableFunctions } from './allowedFunctions.ts'

let engine: AskedEngine
let sourceId: string
let otherId: string
let canary: string
const secret = 'canary-7c1f'

beforeAll(async () => {
  engine = await askEngine()
  canary = join(engine.folder, 'canary.csv')
  writeFileSync(canary, `a,b\n${secret},2\n`)
  const path = join(engine.folder, 'run.jsonl')
  writeFileSync(path, `${JSON.stringify({ type: 'task', task_id: 't1', used: { lr: 0.1 }, status: 'FINISHED' })}\n`)
  sourceId = (await engine.open(path)).sourceId
  const other = join(engine.folder, 'other.jsonl')
  writeFileSync(other, `${JSON.stringify({ type: 'task', task_id: secret })}\n`)
  otherId = (await engine.open(other)).sourceId
  process.env['PROVSCOPE_CANARY'] = secret
})
afterAll(async () => {
  delete process.env['PROVSCOPE_CANARY']
  await engine.close()
})

type Told = { code: string; message: string; text: string }
async function tellOf(text: string): Promise<Told> {
  return await engine.ask('sql.run', { sourceId, text }).then(
    (result) => ({ code: 'ran', message: '', text: JSON.stringify(result) }),
    (error: unknown) => ({ ...(error as Told), message: (error as Error).message, text: '' })
  )
}

const files = (): string[] => readdirSync(engine.folder).toSorted()

const refused = (): string[] => [
  // files and the network
  `SELECT * FROM '${canary}'`,
  `FROM '${canary}'`,
  `FROM "${canary}"`,
  `SELECT * FROM read_csv('${canary}')`,
  `SELECT * FROM READ_CSV_AUTO('${canary}')`,
  `SELECT * FROM read_text('${canary}')`,
  `SELECT * FROM read_blob('${canary}')`,
  `SELECT * FROM read_json('${canary}')`,
  `SELECT * FROM read_ndjson_objects('${canary}')`,
  `SELECT * FROM read_parquet('${canary}')`,
  `SELECT * FROM parquet_metadata('${canary}')`,
  `SELECT * FROM parquet_schema('${canary}')`,
  `SELECT * FROM sniff_csv('${canary}')`,
  `SELECT * FROM glob('/etc/*')`,
  `SELECT * FROM read_csv('https://example.org/x.csv')`,
  `SELECT * FROM 'https://example.org/x.parquet'`,
  `SELECT * FROM read_duckdb('x.duckdb')`,
  `SELECT * FROM "read_csv"('${canary}')`,
  `SELECT * FROM main.read_csv('${canary}')`,
  `SELECT * FROM system.main.read_csv('${canary}')`,
  `SELECT read_text('${canary}')`,
  // nested
  `WITH a AS (SELECT * FROM '${canary}') SELECT * FROM a`,
  `WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a, read_text('${canary}') WHERE n < 2) SELECT * FROM a`,
  `SELECT (SELECT content FROM read_text('${canary}'))`,
  `SELECT * FROM tasks WHERE task_id IN (SELECT a FROM '${canary}')`,
  `SELECT * FROM tasks WHERE EXISTS (FROM read_text('${canary}'))`,
  `SELECT * FROM tasks t, LATERAL (SELECT * FROM read_text('${canary}')) l`,
  `SELECT * FROM tasks ORDER BY (SELECT content FROM read_text('${canary}'))`,
  `SELECT 1 LIMIT (SELECT length(content) FROM read_text('${canary}'))`,
  `SELECT list_transform([1], lambda x: (SELECT content FROM read_text('${canary}')))`,
  `SELECT count(*) FILTER (EXISTS (FROM '${canary}')) FROM tasks`,
  `SELECT count(*) OVER (PARTITION BY (SELECT a FROM '${canary}')) FROM tasks`,
  `SELECT CASE WHEN true THEN (SELECT a FROM '${canary}') END`,
  `SELECT 1 UNION ALL SELECT a FROM '${canary}'`,
  `VALUES ((SELECT a FROM '${canary}'))`,
  `FROM (VALUES ((SELECT a FROM '${canary}'))) v`,
  `SELECT * REPLACE ((SELECT a FROM '${canary}') AS status) FROM tasks`,
  `SELECT COLUMNS(c -> c = (SELECT a FROM '${canary}')) FROM tasks`,
  `FROM (PIVOT '${canary}' ON a IN ('x') USING count(*))`,
  `FROM (UNPIVOT '${canary}' ON a)`,
  `DESCRIBE '${canary}'`,
  `SUMMARIZE '${canary}'`,
  `SUMMARIZE SELECT * FROM '${canary}'`,
  `SELECT * FROM (DESCRIBE '${canary}')`,
  `SELECT * FROM range((SELECT count(*) FROM '${canary}'))`,
  `SELECT * FROM unnest((SELECT list(a) FROM '${canary}'))`,
  `WITH "${canary}" AS (SELECT 1) SELECT * FROM (SELECT * FROM main."${canary}")`,
  // what runs text, or names tables by text
  `SELECT * FROM query('SELECT 1')`,
  `SELECT * FROM query_table('tasks')`,
  `SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))`,
  `SELECT json_serialize_plan('SELECT * FROM read_text(''${canary}'')')`,
  `SELECT * FROM histogram('tasks', 'status')`,
  `SELECT * FROM sql_auto_complete('SEL')`,
  // settings, environment, internals
  `SELECT current_setting('memory_limit')`,
  `SELECT getenv('HOME')`,
  `SELECT getvariable('a')`,
  `SELECT * FROM duckdb_settings()`,
  `SELECT * FROM duckdb_settings`,
  `SELECT * FROM duckdb_tables()`,
  `SELECT * FROM duckdb_secrets()`,
  `SELECT * FROM which_secret('s3://x', 's3')`,
  `SELECT * FROM pragma_database_size()`,
  `SELECT * FROM pragma_table_info('tasks')`,
  `SELECT * FROM information_schema.tables`,
  `SELECT * FROM pg_catalog.pg_tables`,
  `SELECT * FROM pg_tables`,
  `SELECT * FROM sqlite_master`,
  `SELECT * FROM duckdb_columns`,
  `SELECT current_query()`,
  `SELECT version()`,
  `SELECT current_database()`,
  `SELECT pg_sleep(10)`,
  `SELECT sleep_ms(1000)`,
  `SELECT write_log('x')`,
  `SELECT setseed(0.5)`,
  `SELECT nextval('s')`,
  `SELECT stats(status) FROM tasks`,
  `SHOW TABLES`,
  `SHOW ALL TABLES`,
  // other sources, and what lies behind the tables
  `SELECT * FROM rows`,
  `SELECT * FROM store.main.rows`,
  `SELECT * FROM store."${otherId}"."rows"`,
  `SELECT * FROM store."${sourceId}"."rows"`,
  `SELECT * FROM temp.main.tasks`,
  `SELECT * FROM temp.tasks`,
  `SELECT * FROM main.tasks`,
  `SELECT * FROM "with 1"`,
  `SELECT * FROM "lines of tasks"`,
  `SELECT * FROM sql_result_1`,
  `SELECT * FROM seq_scan('rows')`,
  `SELECT c0 FROM tasks`,
  `SELECT r.c0 FROM tasks`,
  `SELECT rowid FROM tasks`,
  // anything but one SELECT
  `COPY tasks TO '${canary}.out'`,
  `COPY (SELECT 1) TO '${canary}.out' (FORMAT csv)`,
  `EXPORT DATABASE '${canary}.out'`,
  `IMPORT DATABASE '${canary}'`,
  `ATTACH '${canary}.db' AS x`,
  `DETACH store`,
  `USE store`,
  `INSTALL httpfs`,
  `LOAD httpfs`,
  `FORCE INSTALL httpfs`,
  `SET memory_limit = '1GB'`,
  `RESET memory_limit`,
  `PRAGMA database_list`,
  `PRAGMA enable_profiling`,
  `CALL pragma_version()`,
  `CALL duckdb_settings()`,
  `CREATE TABLE x AS SELECT 1`,
  `CREATE OR REPLACE VIEW tasks AS SELECT 1`,
  `CREATE MACRO f(a) AS a`,
  `CREATE TEMP MACRO f(a) AS TABLE SELECT * FROM read_text(a)`,
  `CREATE SECRET s (TYPE s3)`,
  `DROP TABLE tasks`,
  `ALTER TABLE tasks ADD COLUMN x INT`,
  `INSERT INTO tasks VALUES (1)`,
  `UPDATE tasks SET status = 'x'`,
  `DELETE FROM tasks`,
  `TRUNCATE tasks`,
  `MERGE INTO tasks USING tasks t ON false WHEN NOT MATCHED THEN INSERT VALUES (1)`,
  `WITH a AS (DELETE FROM tasks RETURNING *) SELECT * FROM a`,
  `WITH a AS (INSERT INTO tasks VALUES (1) RETURNING *) SELECT * FROM a`,
  `CHECKPOINT`,
  `VACUUM`,
  `BEGIN`,
  `EXPLAIN SELECT 1`,
  `EXPLAIN ANALYZE SELECT 1`,
  `PREPARE p AS SELECT 1`,
  `EXECUTE p`,
  `SELECT 1; DROP TABLE tasks`,
  `SELECT 1; SELECT 2`,
  `SELECT 1;;COPY tasks TO '${canary}.out'`,
  `SELECT 1 /* ; */ ; -- x\nDROP TABLE tasks`,
  `SELECT 1) TO '${canary}.out'; --`,
  `SELECT ?`,
  `SELECT $name`,
  // tricks with letters and comments
  `SELECT * FROM read/**/_text('${canary}')`,
  `SELECT * FROM /* tasks */ '${canary}' -- tasks`,
  `SELECT * FROM U&"\\0072ead_text"('${canary}')`,
  `SELECT * FROM ｒｅａｄ＿ｔｅｘｔ('${canary}')`,
  `SELECT * FROM read_text\u00a0('${canary}')`,
  `SELECT * FROM "tasks "`,
  `SELECT * FROM tаsks`,
  `SELECT * FROM tasks AT (VERSION => 1)`,
  `SELECT * FROM range(1) r, read_text(r.range::VARCHAR)`,
  // more than fits
  `SELECT range(100000000)`,
  `SELECT generate_series(1, 10000000000)`,
  `SELECT range(1, len::BIGINT) FROM (SELECT 5 AS len)`,
  `SELECT repeat('x', 4000000000)`,
  `SELECT lpad('x', 2000000000, 'y')`,
  `SELECT list_resize([1], 1000000000)`,
  `SELECT * FROM tasks WHERE repeat('x', 1000000000) IS NULL`
]

describe('what is refused', () => {
  test('there are many ways to try', () => {
    expect(refused().length).toBeGreaterThan(100)
  })

  test('each of them, with a sentence, and nothing of it happens', async () => {
    const before = files()
    const ran: string[] = []
    for (const text of refused()) {
      const told = await tellOf(text)
      if (told.code !== 'bad-request' || /INTERNAL|exception_type/.test(told.message) || (told.message.includes(secret) && !text.includes(secret))) ran.push(`${told.code} ${told.message}: ${text}`)
    }
    expect(ran).toEqual([])
    expect(files()).toEqual(before)
    expect(existsSync(`${canary}.out`)).toBe(false)
    expect(await tellOf('SELECT count(*) FROM tasks')).toMatchObject({ code: 'ran' })
  })

  test('the same when it is explained', async () => {
    for (const text of [`SELECT * FROM read_text('${canary}')`, `COPY tasks TO '${canary}.out'`, `SELECT 1; DROP TABLE tasks`]) {
      for (const analyze of [false, true]) await expect(engine.ask('sql.explain', { sourceId, text, analyze })).rejects.toMatchObject({ code: 'bad-request' })
    }
    expect(existsSync(`${canary}.out`)).toBe(false)
  })
})

test('what looks like a trick and is none', async () => {
  for (const text of [`SELECT 'FROM read_text(1); DROP TABLE tasks' AS "COPY x TO y"`, `SELECT 1 -- ; DROP TABLE tasks`, `SELECT 1;`, `SELECT "it's", '"' FROM (SELECT 1 AS "it's")`, `SELECT e'\\n', 'a\\', $$;$$`, `FROM tasks SELECT status`, `SELECT * FROM tasks\u200b`, `SELECT *\u00a0FROM\u2003tasks`]) expect(await tellOf(text)).toMatchObject({ code: 'ran' })
})

test('no function of the library is left out by accident', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(`SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') ORDER BY 1`)
  const known = new Set(reader.getRows().map(([name]) => String(name)))
  connection.closeSync()
  instance.closeSync()
  const left = [...known].filter((name) => !scalarFunctions.has(name) && !aggregateFunctions.has(name))
  // By their meaning: the catalogue, the server and who is connected (pg_*, has_*, current_*, inet_*), internals of the optimizer and of
  // storage, what serialises or runs statements, what changes a state or waits, geometry and variants, which no record holds, and text made
  // as long as a pattern says.
  const reasons = /^(pg_|has_|current_|inet_|icu_|st_|__internal|obj_|col_|shobj_|txid_|variant_|json_serialize|json_deserialize|format_pg|map_to_pg|generate_subscripts|get_block|get_type|session_user|user|in_search|version|stats|write_log|parse_duckdb|sleep|setseed|getvariable|nextval|currval|can_cast|cast_to|make_type|replace_type|remap_struct|create_sort|timetz_byte|alias$|vector_type|combine$|finalize$|switch$|bar$|to_base$|printf$|format$|format_type|regexp_split_to_table|unpivot_list)/
  expect(left.filter((name) => !reasons.test(name))).toEqual([])
  expect([...scalarFunctions, ...aggregateFunctions].filter((name) => !known.has(name) && !['->', 'unnest', '/', 'ago'].includes(name))).toEqual([])
  expect([...tableFunctions].filter((name) => /read|glob|pragma|duckdb|query/.test(name))).toEqual([])
})

const words = ['SELECT', '*', 'FROM', 'tasks', 'workflows', 'WHERE', '(', ')', ',', ';', 'read_text', 'read_csv', 'glob', 'WITH', 'a', 'AS', 'UNION ALL', 'COPY', 'TO', 'ATTACH', 'PRAGMA', 'SET', 'CALL', 'JOIN', 'ON', 'true', 'LATERAL', 'VALUES', '1', '.', 'main', 'store', 'rows', 'used.lr', 'count', '--', '/*', '*/', '"', "'", 'duckdb_settings', 'information_schema', 'query', 'EXISTS', 'IN', 'CREATE TABLE x', 'INSERT INTO tasks', 'DESCRIBE', 'SUMMARIZE', 'PIVOT', 'unnest', 'json_each', 'getenv', 'current_setting', '\u0000', '💥']

test('whatever is put together, nothing is written and nothing else is read', async () => {
  const before = files()
  const piece = fc.oneof(fc.constantFrom(...words), fc.constant('CANARY'), fc.string({ maxLength: 6 }))
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 14 }), fc.constantFrom('', 'SELECT * FROM ', 'WITH a AS (', 'SELECT '), async (pieces, start) => {
      const text = `${start}${pieces.map((one) => (one === 'CANARY' ? `'${canary}'` : one)).join(' ')}`
      const told = await tellOf(text)
      expect(['ran', 'bad-request'], `${text}: ${told.message}`).toContain(told.code)
      expect(told.text.includes(secret), text).toBe(false)
    }),
    { numRuns: 300 }
  )
  expect(files()).toEqual(before)
  expect(await tellOf('SELECT task_id, used.lr FROM tasks')).toMatchObject({ text: expect.stringContaining('[["t1",0.1]]') })
})

test('what never ends is cancelled', async () => {
  const stop = new AbortController()
  const running = engine.call('sql.run', { sourceId, text: 'SELECT count(*) FROM range(1000000000000) a, range(1000000) b' }, { signal: stop.signal })
  setTimeout(() => stop.abort(), 300)
  expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(await tellOf('SELECT 1')).toMatchObject({ code: 'ran' })
}, 20_000)
