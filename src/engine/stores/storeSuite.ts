/** What every store must do, run against each of them on a real server or file. */
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import { stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { RecordKind } from '#engine/records/classify'
import { mergeBatch } from '#engine/records/mergeRecord'
import { aggregateRecords } from './aggregateRecords.ts'
import { matchFilter } from './matchFilter.ts'
import type { Store, StoreQuery, StoreWrite } from './store.ts'

export type Lack =
  /** Filters see no values that are not finite, in lists of lists, or under dotted keys. */
  | 'odd values'
  /** NaN is compared with numbers. */
  | 'NaN'
  /** Text is ordered by UTF-16. */
  | 'order of UTF-8'
  /** Of two updates at the same time one is lost, whoever sends them. */
  | 'atomic updates'

export type SuiteStore = {
  /** A store that is empty, or another handle on the same one if asked for the same place again. */
  readonly open: (place: string) => Promise<Store>
  readonly closeAll: () => Promise<void>
  /** What the server that is there lacks, by nature; what it stores is right all the same. */
  readonly lacks?: readonly Lack[]
}

let places = 0

export function storeSuite(name: string, { open, closeAll, lacks = [] }: SuiteStore): void {
  describe(name, () => {
    let store: Store
    let place: string
    beforeEach(async () => {
      place = `suite_${process.pid}_${places++}`
      store = await open(place)
    })
    afterEach(async () => await store.close())
    afterAll(closeAll)
    const write = (kind: RecordKind, ...messages: JsonObject[]): ReturnType<Store['write']> => store.write(messages.map((message) => ({ kind, message })))

    test('records of all kinds in one batch', async () => {
      const batch: StoreWrite[] = [
        { kind: 'task', message: { type: 'task', task_id: 't1', status: 'FINISHED', used: { x: 1 } } },
        { kind: 'workflow', message: { type: 'workflow', workflow_id: 'w1', name: 'w' } },
        { kind: 'agent', message: { type: 'agent', agent_id: 'a1', registered_at: 1795406578.107627 } },
        { kind: 'object', message: { type: 'object', object_id: 'o1', object_type: 'ml_model' } }
      ]
      expect(await store.write(batch)).toEqual({ created: 4, changed: 0, equal: 0, problems: [] })
      expect(await store.get('task', 't1')).toEqual({ task_id: 't1', status: 'FINISHED', finished: true, used: { x: 1 } })
      expect(await store.get('workflow', 'w1')).toEqual(batch[1]?.message)
      expect(await store.get('agent', 'a1')).toEqual(batch[2]?.message)
      expect(await store.get('object', 'o1')).toEqual(batch[3]?.message)
      expect(await store.get('task', 'w1')).toBeNull()
      expect(await Promise.all((['task', 'workflow', 'agent', 'object'] as const).map((kind) => store.count(kind)))).toEqual([1, 1, 1, 1])
    })

    test('what comes later is merged into what is there, whatever the batches', async () => {
      await write('task', { task_id: 't', status: 'RUNNING', started_at: 1795406571.466107, used: { a: 1, b: { c: 1 } } })
      await write('task', { task_id: 't', status: 'FINISHED', ended_at: 1795406571.475303, generated: { y: 2 } })
      await write('task', { task_id: 't', status: 'RUNNING', used: { d: null, a: 7 } })
      expect(await store.get('task', 't')).toEqual({
        task_id: 't', status: 'FINISHED', running: true, finished: true, started_at: 1795406571.466107, ended_at: 1795406571.475303, used: { a: 7, b: { c: 1 }, d: null }, generated: { y: 2 }
      })
    })

    test('interceptor_ids add up, machine_info is merged by key', async () => {
      await write('workflow', { workflow_id: 'w', interceptor_ids: ['1'], machine_info: { '1': { cpu: 'x' } } })
      await write('workflow', { workflow_id: 'w', interceptor_ids: ['2', '1'], machine_info: { 'host.b': { cpu: 'y' } } })
      expect(await store.get('workflow', 'w')).toEqual({ workflow_id: 'w', interceptor_ids: ['1', '2'], machine_info: { '1': { cpu: 'x' }, 'host.b': { cpu: 'y' } } })
    })

    test('writing the same again changes nothing and says so', async () => {
      const messages: JsonObject[] = [{ task_id: 'a', status: 'RUNNING', used: { x: {}, y: [] } }, { task_id: 'b', started_at: 1.5, generated: 3 }, { task_id: 'a', ended_at: 2.000001 }]
      expect(await write('task', ...messages)).toMatchObject({ created: 2, changed: 0, equal: 0 })
      const before = await all(store.iterate('task'))
      expect(await write('task', ...messages)).toMatchObject({ created: 0, changed: 0, equal: 2 })
      expect(await all(store.iterate('task'))).toEqual(before)
    })

    test('any messages in any batches end as one merge of all', async () => {
      const message = fc.record(
        {
          status: fc.constantFrom('SUBMITTED', 'RUNNING', 'FINISHED', 'ERROR', 'UNKNOWN', null),
          started_at: fc.constantFrom(1795406571.466107, 1795406571.4661071, 1795406571.5, 0.0000015, -3.25, 4102444800.123456),
          used: fc.dictionary(fc.constantFrom('x', 'a.b', '$c', '', '__proto__x', '1', 'workflow_id'), oddValue, { maxKeys: 3, noNullPrototype: true }),
          generated: oddValue,
          'top.dotted': oddValue,
          $top: oddValue,
          _id: fc.constantFrom('mine', 5),
          tags: fc.array(fc.constantFrom('a', '$b'), { maxLength: 2 })
        },
        { requiredKeys: [] }
      ) as fc.Arbitrary<JsonObject>
      const ids = ['p', 'q', 'r']
      let run = 0
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(fc.tuple(fc.constantFrom(...ids), message), { maxLength: 4 }), { minLength: 1, maxLength: 3 }), async (batches) => {
          const mark = `${run++}-`
          const written = batches.map((batch) => batch.map(([id, fields]) => ({ task_id: mark + id, ...fields })))
          for (const batch of written) await write('task', ...batch)
          const expected = mergeBatch('task', written.flat(), { newId: () => expect.fail('all have ids') })
          const found = await store.getMany('task', ids.map((id) => mark + id))
          expect(found.size).toBe(expected.length)
          for (const { id, document } of expected) expect(canonical(found.get(id) ?? null)).toBe(canonical(document))
        }),
        { numRuns: 60, examples: [[[[['p', { generated: -0 }]], [['p', { generated: 0 }]]]]] }
      )
    })

    test('values that are nearly the same replace each other, at any depth', async () => {
      const near: [JsonValue, JsonValue][] = [[-0, 0], [NaN, null], [NaN, 0], [1, '1'], [1, true], [2 ** 60, 2n ** 60n], [2n ** 60n, 2n ** 60n + 1n], [2n ** 70n, Number(2n ** 70n)], [{}, []]]
      const places: ((value: JsonValue) => JsonObject)[] = [
        (value) => ({ generated: value }),
        (value) => ({ used: { x: value } }),
        (value) => ({ used: { list: [1, [value]] } }),
        (value) => ({ custom_metadata: { 'a.b': { c: value } } }),
        (value) => ({ 'top.dotted': value }),
        (value) => ({ started_at: value })
      ]
      const cases = near.flatMap((pair) => [pair, pair.toReversed() as [JsonValue, JsonValue]]).flatMap((pair) => places.map((place) => pair.map(place) as [JsonObject, JsonObject]))
      const messages = (which: 0 | 1): JsonObject[] => cases.map((pair, index) => ({ task_id: `t${index}`, ...pair[which] }))
      await write('task', ...messages(0))
      const expected = cases.map((_, index) => mergeBatch('task', [messages(0)[index], messages(1)[index]] as JsonObject[], { newId: () => expect.fail('all have ids') })[0]?.document ?? null)
      const before = await store.getMany('task', cases.map((_, index) => `t${index}`))
      const changed = expected.filter((document, index) => canonical(document) !== canonical(before.get(`t${index}`) ?? null)).length
      expect(await write('task', ...messages(1))).toEqual({ created: 0, changed, equal: cases.length - changed, problems: [] })
      const after = await store.getMany('task', cases.map((_, index) => `t${index}`))
      for (const [index, document] of expected.entries()) expect(canonical(after.get(`t${index}`) ?? null)).toBe(canonical(document))
      expect(await write('task', ...messages(1))).toMatchObject({ changed: 0, equal: cases.length })
      // Of an integer's two kinds in memory there is one in JSON.
      expect(await write('task', { task_id: 'int', generated: 1, used: { x: 1 } }, { task_id: 'int', generated: 1 })).toMatchObject({ created: 1 })
      expect(await write('task', { task_id: 'int', generated: 1n, used: { x: 1n } })).toMatchObject({ changed: 0, equal: 1 })
    })

    test('values stay what they are', async () => {
      const used: JsonObject = {
        $set: '$x', '$$ROOT': { $literal: '$$NOW' }, 'a.b': { 'c.d.': 1 }, '': 0, path: '$status', nan: NaN, inf: Infinity, ninf: -Infinity, zero: -0,
        int: 2 ** 53, int64: 9223372036854775807n, min64: -9223372036854775808n, uint64: 18446744073709551615n, huge: 10n ** 60n, nested: [[1, [2, {}]], [], [{ 'x.y': [[]] }]],
        text: 'nul \0 line\u2028 \ud83d\ude42', half: 'half \ud83d pair', nil: null, flag: false, 'nul\0key': 1, tiny: 5e-324, large: 1.7976931348623157e308
      }
      const result = await write('task', { task_id: 'odd', used, 'top.key': { a: 1 }, $where: '1', _id: 'own', generated: { 'a.b': 1, a: { b: 2 } } })
      expect(result).toEqual({ created: 1, changed: 0, equal: 0, problems: [] })
      const found = await store.get('task', 'odd')
      expect(canonical(found ?? null)).toBe(canonical({ task_id: 'odd', used, 'top.key': { a: 1 }, $where: '1', _id: 'own', generated: { 'a.b': 1, a: { b: 2 } } }))
      expect(Object.is((found as { used: JsonObject }).used.zero, -0)).toBe(true)
    })

    test('times keep their microseconds and can be compared with them', async () => {
      const times = [1795406571.466, 1795406571.4660001, 1795406571.466107, 1795406571.4661071, 1795406571.467, 0, -1.5, 1e14]
      await write('task', ...times.map((started_at, index) => ({ task_id: `t${index}`, started_at, utc_timestamp: started_at })))
      for (const [index, started_at] of times.entries()) expect(await store.get('task', `t${index}`)).toEqual({ task_id: `t${index}`, started_at, utc_timestamp: started_at })
      for (const [operator, holds] of comparisons) {
        for (const bound of [...times, 1795406571.46605, 1e9, Infinity]) {
          const filter = parseFilter({ started_at: { [operator]: Number.isFinite(bound) ? bound : { $numberDouble: 'Infinity' } } })
          const expected = times.filter((time) => holds(time, bound)).length
          expect([operator, bound, await store.count('task', filter)]).toEqual([operator, bound, expected])
        }
      }
      // A time that no date can hold stays a number, which MongoDB sorts before all dates.
      const filter = parseFilter({ started_at: { $lt: 1e13 } })
      const sorted = await all(store.query('task', { filter, sort: [{ path: 'started_at', descending: true }], projection: ['started_at'] }))
      expect(sorted.map((document) => document.started_at)).toEqual(times.slice(0, -1).toSorted((left, right) => right - left))
    })

    test('one value that cannot be kept costs neither its record nor its batch', async () => {
      const bad = { task_id: 'bad', status: 'FINISHED', used: { fn: (() => 1) as unknown as JsonValue, ok: 1, list: [1, undefined as unknown as JsonValue, 3] } }
      const result = await write('task', { task_id: 'before' }, bad, { task_id: 'after' })
      expect(result.created).toBe(3)
      expect(result.problems.map(({ kind, id, field, effect }) => ({ kind, id, field, effect }))).toEqual([
        { kind: 'task', id: 'bad', field: 'used.fn', effect: 'left-out' },
        { kind: 'task', id: 'bad', field: 'used.list.1', effect: 'left-out' }
      ])
      expect(await store.get('task', 'bad')).toEqual({ task_id: 'bad', status: 'FINISHED', finished: true, used: { ok: 1, list: [1, null, 3] } })
      expect(await store.count('task')).toBe(3)
    })

    test('bytes are kept, and said to be', async () => {
      const result = await write('task', { task_id: 'b', used: { blob: Buffer.from([0, 1, 255]) as unknown as JsonValue } })
      expect(result.created).toBe(1)
      expect(result.problems.every(({ field, effect }) => field === 'used.blob' && effect === 'changed')).toBe(true)
      expect(await store.get('task', 'b')).toEqual({ task_id: 'b', used: { blob: { $binary: { base64: 'AAH/', subType: '00' } } } })
    })

    test('pages: filter, sort, offset, limit, projection', async () => {
      const messages = Array.from({ length: 137 }, (_, index) => ({
        task_id: `t${index}`, activity_id: ['load', 'fit', 'plot'][index % 3] as string, started_at: 1795406571 + (index % 10) / 8, used: { n: (index * 7) % 50, ...(index % 2 === 0 && { even: { x: true } }) }
      }))
      await write('task', ...messages)
      const queries: (Omit<StoreQuery, 'filter'> & { filter?: JsonObject })[] = [
        {},
        { limit: 5 },
        { offset: 130, limit: 50 },
        { limit: 0 },
        { filter: { activity_id: 'fit' }, sort: [{ path: 'used.n', descending: true }], offset: 3, limit: 20 },
        { sort: [{ path: 'started_at' }, { path: 'used.n', descending: true }], projection: ['used.n', 'started_at'] },
        { filter: { 'used.even': { $exists: true } }, sort: [{ path: 'nothing' }], projection: ['used.even.x', 'activity_id', 'nothing'] },
        { filter: { $or: [{ 'used.n': { $lt: 5 } }, { activity_id: { $regex: '^PL', $options: 'i' } }] }, sort: [{ path: 'activity_id' }], limit: 30 }
      ]
      for (const { filter, ...query } of queries) {
        const node = parseFilter(filter ?? {})
        const found = await all(store.query('task', { ...query, ...(filter && { filter: node }) }))
        expect({ filter, query, found }).toEqual({ filter, query, found: expectedPage(messages, filter ?? {}, query) })
        expect(await store.count('task', node)).toBe(messages.filter((message) => matchFilter(node, message)).length)
      }
    })

    test('filters mean what they mean in memory', async () => {
      const documents: JsonObject[] = [
        { used: { x: 1, y: [1, 2, { z: 'a' }] }, generated: { v: null } }, { used: { x: '1', y: [] } }, { used: { x: true, y: { z: 'b' } } }, { used: { x: 2.5, y: [{ z: 'b' }, { z: 3 }] } },
        { tags: ['a', 'b'], used: { x: -7 } }, { tags: [], custom_metadata: { b: 1, a: 2 } }, { tags: null, used: { x: 'Ärger\n' } }, { status: 'ERROR', stderr: 'line 1\nline 2 $' }, { used: { x: 9007199254740993n, '0': 'zero' } },
        ...(lacks.includes('odd values') ? [] : [{ used: { x: Infinity, y: [[1], [2]] } }]),
        ...(lacks.includes('odd values') || lacks.includes('NaN') ? [] : [{ used: { x: NaN } }])
      ]
      await write('task', ...documents.map((document, index) => ({ task_id: `f${index}`, ...document })))
      const stored = await all(store.query('task', {}))
      const filters: unknown[] = [
        { 'used.x': 1 }, { 'used.x': '1' }, { 'used.x': null }, { 'used.x': { $ne: null } }, { 'used.x': { $gt: 0 } }, { 'used.x': { $lte: 2.5 } }, { 'used.x': { $gt: '' } }, { 'used.x': { $gte: false } }, { 'used.x': { $in: [1, 'nothing', null] } },
        { 'used.x': { $nin: [true, 2.5] } }, { 'used.x': { $not: { $gt: 1 } } }, { 'used.x': { $numberLong: '9007199254740993' } }, { 'used.x': { $gt: { $numberLong: '18446744073709551616' } } }, { 'used.x': { $exists: false } }, { 'used.x': { $regex: 'r\\n$' } },
        { 'used.x': { $regex: 'r$' } }, { 'used.x': { $regex: 'ärger', $options: 'i' } }, { 'used.y': 2 }, { 'used.y': [] }, { 'used.y.z': 'b' }, { 'used.y.2.z': 'a' }, { 'used.y.0': 1 }, { tags: 'a' }, { tags: ['a', 'b'] }, { tags: { $in: [['a', 'b'], 'c'] } },
        { custom_metadata: { a: 2, b: 1 } }, { custom_metadata: { b: 1, a: 2 } }, { custom_metadata: {} }, { stderr: { $regex: '^line 2 \\$$', $options: 'm' } }, { stderr: { $regex: '1$' } }, { $nor: [{ 'used.x': { $exists: true } }, { tags: { $exists: true } }] }, { $and: [] },
        { 'generated.v': null }, { 'generated.v': { $gte: null } }, { 'generated.v': { $exists: true } }, { 'used.0': 'zero' }, { 'used.x': { $gt: { $numberDouble: 'NaN' } } }, { 'used.x': { $numberDouble: 'NaN' } }, { 'used.x': { $lt: { $numberDouble: 'Infinity' } } }, { 'a..b': null }, { 'used.$x': null },
        { task_id: { $gt: 'f3' }, status: { $ne: 'ERROR' } }, { finished: { $exists: false }, error: true }, { _id: { $exists: true } }
      ]
      for (const filter of filters) {
        if (JSON.stringify(filter) === '{"$and":[]}') continue
        const node = parseFilter(filter)
        const expected = stored.filter((document) => matchFilter(node, document)).map((document) => document.task_id)
        const found = (await all(store.query('task', { filter: node }))).map((document) => document.task_id)
        expect({ filter, found }).toEqual({ filter, found: expected })
        expect({ filter, count: await store.count('task', node) }).toEqual({ filter, count: expected.length })
      }
    })

    test('aggregation as Flowcept.db has it', async () => {
      await write('task', ...[3, 1, 2, 10].map((n, index) => ({ task_id: `t${index}`, activity_id: index < 3 ? 'a' : 'b', started_at: 100 + n, used: { n } })))
      const rows = await aggregateRecords(store, 'task', { projection: ['activity_id'], aggregation: [['avg', 'used.n'], ['min', 'started_at'], ['max', 'used.n'], ['count', 'used.n']], sort: [{ path: 'activity_id', descending: true }] })
      expect(rows).toEqual([
        { activity_id: 'b', avg_used_n: 10, min_started_at: 110, max_used_n: 10, count_used_n: 1 },
        { activity_id: 'a', avg_used_n: 2, min_started_at: 101, max_used_n: 3, count_used_n: 3 }
      ])
      expect(await aggregateRecords(store, 'task', { filter: parseFilter({ activity_id: 'a' }), aggregation: [['sum', 'used.n']] })).toEqual([{ sum_used_n: 6 }])
    })

    test('all records, in the order of their ids, also from the middle on and while others write', async () => {
      const ids = [...Array.from({ length: 1203 }, (_, index) => `t${index}`), 'é', '日本', '😀', ...(lacks.includes('order of UTF-8') ? [] : ['\uffee']), 'Z', 'job-1', 'job-10', 'job-2']
      for (let at = 0; at < ids.length; at += 400) await write('task', ...ids.slice(at, at + 400).map((task_id) => ({ task_id })))
      const sorted = ids.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
      const seen: string[] = []
      for await (const { id, document } of store.iterate('task')) {
        expect(document.task_id).toBe(id)
        if (seen.push(id) === 10) await write('task', { task_id: '0 comes before' }, { task_id: 't0', status: 'RUNNING' })
      }
      expect(seen).toEqual(sorted)
      expect((await all(store.iterate('task', 'job-10'))).map(({ id }) => id)).toEqual(sorted.slice(sorted.indexOf('job-2')))
      expect((await store.getMany('task', ['t5', 'nobody', '😀'])).size).toBe(2)
    })

    const testAtomic = lacks.includes('atomic updates') ? () => undefined : test
    testAtomic('writers at the same time lose nothing of each other', async () => {
      const others = await Promise.all(Array.from({ length: 3 }, () => open(place)))
      const writers = [store, ...others]
      await Promise.all(
        writers.flatMap((writer, index) =>
          Array.from({ length: 6 }, (_, round) =>
            writer.write([
              { kind: 'task', message: { task_id: 'shared', used: { [`w${index}-${round}`]: round } } },
              { kind: 'workflow', message: { workflow_id: 'w', interceptor_ids: [`${index}-${round}`] } },
              { kind: 'task', message: { task_id: `own-${index}-${round}` } }
            ])
          )
        )
      )
      const shared = await store.get('task', 'shared')
      const workflow = await store.get('workflow', 'w')
      expect(Object.keys(shared?.used as JsonObject)).toHaveLength(24)
      expect(workflow?.interceptor_ids).toHaveLength(24)
      expect(await store.count('task')).toBe(25)
      for (const other of others) await other.close()
    })

    test('a message without an id becomes a record of its own; 5 and "5" are one', async () => {
      await store.write([{ kind: 'task', message: { activity_id: 'x' } }], { newId: () => 'made-up' })
      await write('task', { task_id: 5, used: { a: 1 } }, { task_id: '5', used: { b: 2 } }, { group_id: 'g', used: { i: 3 } })
      expect(await store.get('task', 'made-up')).toEqual({ activity_id: 'x', task_id: 'made-up' })
      expect(await store.get('task', '5')).toEqual({ task_id: '5', used: { a: 1, b: 2 } })
      expect(await store.get('task', 'g3')).toMatchObject({ subtype: 'iteration' })
    })

    test('a value of several megabytes', async () => {
      const long = 'x'.repeat(3_000_000)
      await write('task', { task_id: 'big', generated: { long } }, { task_id: 'small' })
      await write('task', { task_id: 'big', generated: { more: 1 } })
      const found = (await store.get('task', 'big')) as { generated: JsonObject }
      expect(found.generated.long === long).toBe(true)
    })
  })
}

const comparisons: [string, (time: number, bound: number) => boolean][] = [
  ['$gt', (time, bound) => time > bound],
  ['$gte', (time, bound) => time >= bound],
  ['$lt', (time, bound) => time < bound],
  ['$lte', (time, bound) => time <= bound],
  ['$eq', (time, bound) => time === bound],
  ['$ne', (time, bound) => time !== bound]
]

const oddLeaf = fc.constantFrom<JsonValue>(null, true, 0, -0, 1.5, NaN, -Infinity, 2 ** 53, 9223372036854775807n, 18446744073709551616n, '', '$x', '$$ROOT.a', 'a\0b', '\ud800')
const oddValue: fc.Arbitrary<JsonValue> = fc.oneof(oddLeaf, fc.array(fc.oneof(oddLeaf, fc.array(oddLeaf, { maxLength: 2 })), { maxLength: 2 }), fc.dictionary(fc.constantFrom('k', 'k.l', '$m'), oddLeaf, { maxKeys: 2, noNullPrototype: true }))

function expectedPage(messages: JsonObject[], filter: JsonObject, query: StoreQuery): JsonObject[] {
  const { sort = [], offset = 0, limit = Infinity, projection } = query
  const value = (document: JsonObject, path: string): JsonValue | undefined => path.split('.').reduce<JsonValue | undefined>((inner, key) => (inner as JsonObject | undefined)?.[key], document)
  const order = (left: JsonObject, right: JsonObject): number => {
    for (const { path, descending } of sort) {
      const [a, b] = [value(left, path) ?? -Infinity, value(right, path) ?? -Infinity]
      if (a !== b) return (a < b ? -1 : 1) * (descending ? -1 : 1)
    }
    return (left.task_id as string) < (right.task_id as string) ? -1 : 1
  }
  const rows = messages.filter((message) => matchFilter(parseFilter(filter), message)).toSorted(order).slice(offset, offset + limit)
  if (!projection) return rows
  return rows.map((row) => {
    const kept: JsonObject = {}
    for (const path of ['task_id', ...projection]) {
      const found = value(row, path)
      const keys = path.split('.')
      if (found === undefined) {
        // Dicts on the way to what is not there stay, as Mongo has it.
        if (keys.length > 1 && row[keys[0] as string] !== undefined) kept[keys[0] as string] = projectedParent(row, keys)
        continue
      }
      let inner = kept
      for (const key of keys.slice(0, -1)) inner = (inner[key] ??= {}) as JsonObject
      inner[keys.at(-1) as string] = found
    }
    return kept
  })
}

function projectedParent(row: JsonObject, keys: string[]): JsonValue {
  const inner = (row[keys[0] as string] as JsonObject)[keys[1] as string]
  return inner === undefined || keys.length === 2 ? {} : { [keys[1] as string]: {} }
}

function canonical(value: JsonValue): string {
  const sorted = (item: JsonValue): JsonValue => {
    if (Array.isArray(item)) return item.map(sorted)
    if (item === null || typeof item !== 'object') return item
    return Object.fromEntries(Object.keys(item).toSorted().map((key) => [key, sorted(item[key] as JsonValue)]))
  }
  return stringifyJson(sorted(value), 1)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
