/** The built command line on the fixtures, as a person runs it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isJsonObject, parseJson } from '#contract/json'
import { buildCli, type Ran, root, runCli, type RunOptions, startCli } from '../testing/builtCli.ts'

const fixtures = join(root, 'src', 'testing', 'fixtures')
const buffer = (name: string): string => join(fixtures, 'jsonl', `${name}.jsonl`)
type Truth = Record<string, { messages?: number; rows: number; n_columns: number; raises: string | null }>
const truth = JSON.parse(readFileSync(join(fixtures, 'truth', 'df_index.json'), 'utf8')) as Truth

let folder: string
/** Everything that a command may keep on disk goes here, so that what it leaves behind is seen. */
let temporary: string
const run = (args: string[], options: RunOptions = {}): Promise<Ran> => runCli(args, { ...options, env: { TMPDIR: temporary, PROVSCOPE_CONFIG_DIR: join(folder, 'config'), ...options.env } })
const lines = (text: string): string[] => text.split('\n').slice(0, -1)

beforeAll(() => {
  buildCli()
  folder = mkdtempSync(join(tmpdir(), 'provscope-cli-'))
  temporary = mkdtempSync(join(folder, 'tmp-'))
})
afterAll(() => {
  expect(readdirSync(temporary), 'nothing is left behind').toEqual([])
  expect(readdirSync(folder).toSorted(), 'nor remembered').not.toContain('config')
  rmSync(folder, { recursive: true })
})

describe('summary', () => {
  test.each(Object.keys(truth).filter((name) => truth[name]?.raises === null))('of %s agrees with Flowcept’s own reading', async (name) => {
    const { code, out, err } = await run(['summary', '--json', join(fixtures, 'jsonl', name)])
    const summary = JSON.parse(out) as Record<string, unknown> & { columns: string[]; problems: unknown[]; statuses: Record<string, number>; tasks: number }
    expect(Object.keys(summary)).toEqual(['messages', 'tasks', 'workflows', 'agents', 'objects', 'statuses', 'activities', 'columns', 'problems'])
    expect(summary['messages']).toBe(truth[name]?.rows)
    expect(summary.columns).toHaveLength(truth[name]?.n_columns ?? -1)
    expect(summary.problems).toEqual([])
    expect(Object.values(summary.statuses).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(summary.tasks)
    expect([code, err]).toEqual([0, ''])
  })

  test('of a file with a broken tail shows the rest, names the place, and fails', async () => {
    const { code, out, err } = await run(['summary', '--json', buffer('13_truncated_tail')])
    const text = readFileSync(buffer('13_truncated_tail'))
    const byte = text.lastIndexOf('\n') + 1
    const summary = JSON.parse(out) as { messages: number; problems: { line: number; byte: number; source: string; count: number }[] }
    expect(summary.messages).toBe(text.toString().split('\n').length - 1)
    expect(summary.problems).toMatchObject([{ source: '13_truncated_tail.jsonl', line: summary.messages + 1, byte, count: 1, kind: 'truncated' }])
    expect(Object.keys(summary.problems[0] ?? {})).toEqual(['source', 'line', 'byte', 'kind', 'message', 'count'])
    expect(err).toContain(`13_truncated_tail.jsonl:${summary.messages + 1} (byte ${byte})`)
    expect(code).toBe(1)
  })

  test('for people tells the same', async () => {
    const { code, out } = await run(['summary', buffer('05_errors')])
    expect(code).toBe(0)
    expect(out).toMatch(/^05_errors\.jsonl\n {2}messages +17\n {2}tasks +15\n/)
    expect(out).toMatch(/Tasks by status\n(?: {2}\w+ +\d+\n)* {2}ERROR +\d+\n/)
    expect(out).toContain('28 columns')
  })

  test('reads standard input', async () => {
    const { code, out } = await run(['summary', '--json', '-'], { input: readFileSync(buffer('02_pipeline')) })
    expect([code, (JSON.parse(out) as { messages: number }).messages]).toEqual([0, 24])
  })

  test('reads several files, folders, globs and compressed files as one', async () => {
    const zipped = join(folder, 'a.jsonl.gz')
    writeFileSync(zipped, gzipSync(readFileSync(buffer('01_start_here'))))
    expect(gunzipSync(readFileSync(zipped)).length).toBeGreaterThan(0)
    const count = async (...sources: string[]): Promise<number> => (JSON.parse((await run(['summary', '--json', ...sources])).out) as { messages: number }).messages
    expect(await count(zipped, buffer('02_pipeline'))).toBe(26)
    const split = join(fixtures, 'split')
    const all = readdirSync(split).reduce((sum, name) => sum + lines(readFileSync(join(split, name), 'utf8')).length, 0)
    expect(await count(split)).toBe(all)
    expect(await count(join(split, '*.jsonl'))).toBe(all)
  })

  test.each([[['/nowhere/run.jsonl'], '/nowhere/run.jsonl'], [[buffer('02_pipeline'), '/nowhere/run.jsonl'], '/nowhere/run.jsonl']])('of %j says what is missing', async (sources, named) => {
    const { code, out, err } = await run(['summary', ...sources])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(named)
    expect(lines(err)).toHaveLength(1)
  })
})

describe('query', () => {
  test('prints whole records, exactly', async () => {
    const { code, out } = await run(['query', buffer('08_odd_values'), '--records', 'messages', '--format', 'jsonl'])
    expect(code).toBe(0)
    const original = lines(readFileSync(buffer('08_odd_values'), 'utf8')).map((line) => parseJson(line))
    expect(lines(out).map((line) => parseJson(line))).toEqual(original)
    for (const line of lines(out)) expect(() => JSON.parse(line) as unknown).not.toThrow()
  })

  test('makes of NaN and infinities a null that is counted', async () => {
    const { out, err } = await run(['query', '-', '--format', 'json'], { input: '{"type":"task","task_id":"1","used":{"a":NaN,"b":[Infinity],"c":12345678901234567890}}\n' })
    expect(JSON.parse(out)).toMatchObject([{ task_id: '1', used: { a: null, b: [null] } }])
    expect(out).toContain('12345678901234567890')
    expect(err).toContain('2 values that are NaN or infinite')
  })

  test('json is one list, also of nothing', async () => {
    expect(JSON.parse((await run(['query', buffer('02_pipeline'), '--format', 'json'])).out)).toHaveLength(22)
    const { code, out } = await run(['query', buffer('02_pipeline'), '--format', 'json', '--filter', '{"status":"ERROR"}'])
    expect([code, JSON.parse(out)]).toEqual([0, []])
  })

  test('filters, sorts, chooses columns and a stretch', async () => {
    const args = ['query', buffer('02_pipeline'), '--columns', 'task_id,activity_id', '--sort', 'activity_id:desc,task_id', '--format', 'json']
    const all = JSON.parse((await run(args)).out) as { task_id: string; activity_id: string }[]
    const sorted = all.toSorted((a, b) => (a.activity_id < b.activity_id ? 1 : a.activity_id > b.activity_id ? -1 : a.task_id < b.task_id ? -1 : 1))
    expect(all).toEqual(sorted)
    expect(Object.keys(all[0] ?? {})).toEqual(['task_id', 'activity_id'])
    expect(JSON.parse((await run([...args, '--offset', '3', '--limit', '4'])).out)).toEqual(all.slice(3, 7))
    const filtered = JSON.parse((await run([...args, '--filter', '{"activity_id":{"$in":["evaluate","fit_line"]}}'])).out) as unknown[]
    expect(filtered).toEqual(all.filter(({ activity_id }) => ['evaluate', 'fit_line'].includes(activity_id)))
    const found = JSON.parse((await run([...args, '--search', 'publish'])).out) as { activity_id: string }[]
    expect(found.map(({ activity_id }) => activity_id)).toEqual(['publish_report'])
  })

  test('csv is what export writes', async () => {
    const to = join(folder, 'tasks.csv')
    const written = await run(['export', buffer('08_odd_values'), '--to', to])
    expect(written).toMatchObject({ code: 0, out: '', err: expect.stringMatching(/^78 rows written to .*tasks.csv \([\d.]+ KB\)/) as string })
    expect((await run(['query', buffer('08_odd_values'), '--format', 'csv'])).out).toBe(readFileSync(to, 'utf8'))
  })

  test('a table is for people: aligned, cut to fifty rows, and says so', async () => {
    const { out, err } = await run(['query', buffer('03_loop'), '--columns', 'task_id,status'])
    expect(lines(out)).toHaveLength(52)
    expect(out).toMatch(/^task_id +status\n─+ {2}─+\n/)
    expect(err).toBe('rows 1–50 of 256; --offset and --limit show others\n')
    expect((await run(['query', buffer('03_loop'), '--columns', 'task_id', '--offset', '300'])).err).toContain('no rows from 301 on; there are 256')
  })

  test('nothing that stands in a record moves the cursor', async () => {
    const { out } = await run(['query', '-', '--columns', 'used.a'], { input: '{"type":"task","task_id":"1","used":{"a":"x\\u001b[2Jy"}}\n' })
    expect(out).toContain('x\\u001b[2Jy')
    expect(out).not.toContain('\u001b')
  })

  test.each<[string[], RegExp]>([
    [['--filter', '{"status":}'], /not JSON: .* position 10.*\n {2}\{"status":\}\n {12}\^\n$/s],
    [['--filter', '{"status":{"$gtt":1}}'], /\$gtt is not an operator.*\n {2}at status › \$gtt\n$/s],
    [['--filter', '[]'], /--filter is an object/],
    [['--columns', 'statsu'], /no column "statsu"; did you mean status\?/],
    [['--sort', 'nothing.like.it:desc'], /--sort: tasks have no column "nothing.like.it"\n$/],
    [['--format', 'xml'], /Allowed choices are table, csv, json, jsonl/],
    [['--records', 'rows'], /Allowed choices are tasks/],
    [['--limit', '-1'], /whole number/],
    [['--limit', '0'], /At least 1/],
    [['--nonsense'], /unknown option '--nonsense'/]
  ])('%j is wrong use', async (flags, message) => {
    const { code, out, err } = await run(['query', buffer('02_pipeline'), ...flags])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  test('a filter may name a column that is not there, and that is noted', async () => {
    const { code, out, err } = await run(['query', buffer('02_pipeline'), '--filter', '{"staus":{"$exists":false}}', '--format', 'jsonl'])
    expect([code, lines(out).length]).toEqual([0, 22])
    expect(err).toBe('--filter: tasks have no column "staus"; did you mean status?\n')
  })

  test('lines that were rejected are told, and fail it', async () => {
    const { code, out, err } = await run(['query', '-', '--format', 'jsonl'], { input: '{"type":"task","task_id":"1"}\nbroken\n\n{"type":"task","task_id":"2"}\n' })
    expect([code, lines(out).length]).toEqual([1, 2])
    expect(err).toMatch(/standard input:2 \(byte 30\)/)
  })

  test('blank lines alone are no failure', async () => {
    expect(await run(['query', '-', '--columns', 'task_id', '--format', 'csv'], { input: '\n{"type":"task","task_id":"a"}\n\n' })).toEqual({ code: 0, out: 'task_id\na\n', err: '' })
  })

  test('a reader that goes away ends it quietly', async () => {
    const ran = await run(['query', buffer('06_telemetry_full'), '--records', 'messages', '--format', 'jsonl'], { onStart: (child) => child.stdout?.once('data', () => child.stdout?.destroy()) })
    expect([ran.code, ran.err]).toEqual([0, ''])
  })
})

describe('export', () => {
  test('writes what the filter, the sort and the columns leave', async () => {
    const to = join(folder, 'some.csv')
    expect(await run(['export', buffer('02_pipeline'), '--filter', '{"activity_id":"publish_report"}', '--columns', 'activity_id,status', '--to', to])).toMatchObject({ code: 0, err: expect.stringContaining(`1 row written to ${to} (`) as string })
    expect(readFileSync(to, 'utf8')).toBe('activity_id,status\npublish_report,FINISHED\n')
  })

  test('guards against formulas when asked', async () => {
    const to = join(folder, 'guarded.csv')
    await run(['export', '-', '--columns', 'used.a', '--guard-formulas', '--to', to], { input: '{"type":"task","task_id":"1","used":{"a":"=1+1"}}\n' })
    expect(readFileSync(to, 'utf8')).toBe("used.a\n'=1+1\n")
  })

  test('into a folder that is not there fails, and leaves nothing', async () => {
    const { code, err } = await run(['export', buffer('02_pipeline'), '--to', join(folder, 'none', 'x.csv')])
    expect(code).toBe(1)
    expect(err).toContain('x.csv')
  })

  test('without a target is wrong use', async () => {
    expect(await run(['export', buffer('02_pipeline')])).toMatchObject({ code: 2, err: expect.stringContaining('--to') })
  })
})

describe('help', () => {
  test.each([['open'], ['serve'], ['summary'], ['query'], ['export']])('of %s has examples', async (command) => {
    const { code, out, err } = await run([command, '--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`Usage: provscope ${command}`)
    expect(out).toMatch(new RegExp(`Examples:\\n {2}provscope ${command}`))
  })

  test('names every command and the exit codes', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    for (const command of ['open', 'serve', 'summary', 'query', 'export']) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    expect(out).toContain('2 wrong use')
  })

  test('the version is the package’s', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  test.each([[[]], [['nonsense']], [['summary']], [['export', 'a.jsonl', '--to']]])('%j is wrong use', async (args) => {
    expect((await run(args)).code).toBe(2)
  })
})

describe('serve', () => {
  type Served = { url: URL; ended: Promise<number | null>; kill: (signal: NodeJS.Signals) => void; err: () => string }

  function served(args: string[]): Promise<Served> {
    const child = startCli(['serve', '--no-open', ...args], { env: { TMPDIR: temporary, PROVSCOPE_CONFIG_DIR: join(folder, 'served'), DISPLAY: undefined } })
    const ended = new Promise<number | null>((settled) => child.once('close', (code) => settled(code)))
    let [out, err] = ['', '']
    child.stderr?.on('data', (part: Buffer) => { err += part.toString() })
    return new Promise((settled, reject) => {
      void ended.then((code) => reject(new Error(`ended with ${code}: ${err}`)))
      child.stdout?.on('data', (part: Buffer) => {
        out += part.toString()
        const [, url] = /^Provscope is ready at (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43})\n$/.exec(out) ?? []
        if (url !== undefined) settled({ url: new URL(url), ended, kill: (signal) => child.kill(signal), err: () => err })
      })
    })
  }

  function call(url: URL, method: string, params: unknown = {}, headers: Record<string, string> = {}): Promise<{ status: number; reply: unknown }> {
    return new Promise((settled, reject) => {
      const asked = request({ host: url.hostname, port: url.port, path: '/call', method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${url.searchParams.get('token')}`, ...headers } }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => { text += part })
        response.on('end', () => settled({ status: response.statusCode ?? 0, reply: JSON.parse(text) as unknown }))
      })
      asked.on('error', reject)
      asked.end(JSON.stringify({ method, params }))
    })
  }

  test.each<[NodeJS.Signals, number]>([['SIGTERM', 0], ['SIGINT', 0]])('answers a page until %s, and leaves nothing', async (signal, code) => {
    const { url, ended, kill } = await served([buffer('02_pipeline')])
    await expect.poll(async () => (await call(url, 'sources.list')).reply).toMatchObject({ ok: true, value: { sources: [{ name: '02_pipeline.jsonl', state: 'ready', counts: { messages: 24 } }] } })
    expect((await call(url, 'host.info')).reply).toMatchObject({ ok: true, value: { host: 'served' } })
    const waiting = call(url, 'changes.next', { cursor: await cursor(url), waitMs: 30_000 }).catch(() => 'broken off')
    kill(signal)
    expect(await ended).toBe(code)
    expect(await waiting).not.toBeUndefined()
    expect(readdirSync(temporary)).toEqual([])
  })

  const cursor = async (url: URL): Promise<unknown> => {
    const { reply } = await call(url, 'changes.next')
    const value = isJsonObject(reply as never) ? (reply as { value: { cursor: string } }).value : { cursor: '' }
    return value.cursor
  }

  test('refuses a page what only the host may ask, and what only a desktop has', async () => {
    const { url, ended, kill } = await served([])
    for (const method of ['paths.grant', 'paths.resolve', 'sources.openPaths', 'exports.path', 'rows.documents', 'rows.csv']) {
      expect((await call(url, method, { path: '/etc/passwd', use: 'read' })).reply, method).toMatchObject({ ok: false, error: { code: 'not-found' } })
    }
    for (const [method, params] of [['dialog.open', { kind: 'files' }], ['dialog.save', { name: 'a' }], ['exports.reveal', { exportId: 'a' }]] as const) {
      expect((await call(url, method, params)).reply, method).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    }
    expect((await call(url, 'host.info', {}, { authorization: 'Bearer x' })).status).toBe(401)
    expect((await call(url, 'host.info', {}, { host: 'evil.example' })).status).toBe(421)
    kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('takes a dropped file and gives an export to download', async () => {
    const { url, ended, kill } = await served([])
    const base = `http://127.0.0.1:${url.port}`
    const headers = { authorization: `Bearer ${url.searchParams.get('token')}` }
    const uploaded = (await (await fetch(`${base}/upload?name=run.jsonl`, { method: 'POST', headers, body: readFileSync(buffer('02_pipeline')) })).json()) as { value: { handle: string } }
    const { reply } = await call(url, 'sources.open', { handles: [uploaded.value.handle] })
    const { sourceId } = (reply as { value: { sourceId: string } }).value
    await expect.poll(async () => (await call(url, 'sources.list')).reply).toMatchObject({ value: { sources: expect.arrayContaining([expect.objectContaining({ name: 'run.jsonl', state: 'ready' })]) } })
    const started = await call(url, 'exports.start', { sourceId, format: 'csv', columns: ['activity_id'], name: 'a b.csv', scope: { filter: { activity_id: 'publish_report' } } })
    const { exportId } = (started.reply as { value: { exportId: string } }).value
    await expect.poll(async () => (await call(url, 'exports.list')).reply).toMatchObject({ value: { exports: [{ state: 'done', download: true }] } })
    const ticket = await call(url, 'exports.ticket', { exportId })
    const download = await fetch(`${base}${(ticket.reply as { value: { url: string } }).value.url}`)
    expect(await download.text()).toBe('activity_id\npublish_report\n')
    expect(download.headers.get('content-disposition')).toContain("filename*=UTF-8''a%20b.csv")
    kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('goes on without a source that cannot be opened, and says so on the page', async () => {
    const { url, ended, kill } = await served(['/nowhere.jsonl'])
    await expect.poll(async () => (await call(url, 'sources.list')).reply).toMatchObject({ value: { sources: [{ state: 'failed', error: expect.stringContaining('/nowhere.jsonl') }] } })
    kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('a port that is taken is a failure, told in a sentence', async () => {
    const { url, ended, kill } = await served([])
    const second = await run(['serve', '--no-open', '--port', url.port])
    expect(second.code).toBe(1)
    expect(second.err).toBe(`provscope: Port ${url.port} is taken by another program. Name another with --port, or none.\n`)
    kill('SIGTERM')
    await ended
  })
})

describe('open', () => {
  test('without a display serves to a browser, and says why in one line', async () => {
    const child = startCli(['open', buffer('02_pipeline')], { env: { TMPDIR: temporary, PROVSCOPE_CONFIG_DIR: join(folder, 'served'), DISPLAY: undefined, WAYLAND_DISPLAY: undefined } })
    const ended = new Promise<number | null>((settled) => child.once('close', (code) => settled(code)))
    let [out, err] = ['', '']
    child.stderr?.on('data', (part: Buffer) => { err += part.toString() })
    child.stdout?.on('data', (part: Buffer) => { out += part.toString() })
    await expect.poll(() => out, { timeout: 20_000 }).toMatch(/^Provscope is ready at http/)
    expect(err).toBe('No desktop app: there is no display. Serving the workbench to a browser instead.\n')
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })
})

test('an interrupt ends a command with 130, and leaves nothing', async () => {
  const { code } = await run(['summary', '-'], {
    onStart: (child) => {
      child.stdin?.write('{"type":"task","task_id":"1"}\n')
      // Before it listens to signals it would die of this one.
      setTimeout(() => child.kill('SIGINT'), 5000)
    },
    input: null
  })
  expect(code).toBe(130)
})
