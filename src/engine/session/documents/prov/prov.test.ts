/** PROV of every fixture as another reader has it: the `prov` package of Python reads the JSON, and a parser of PROV-N the notation. */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import { type AskedEngine, askEngine } from '../../../../testing/askEngine.ts'
import { makeDocument } from '../../../../testing/makeDocument.ts'
import { fixtureFolder } from '../../../../testing/openFixture.ts'
import { runPython, whyNoPython } from '../../../../testing/python.ts'
import { fieldLeaves } from '../fieldLeaves.ts'
import { literalOf } from './provLiterals.ts'
import { provName } from './provNames.ts'

/** Reads both; answers with what each has, and whether PROV-JSON survives prov's own writer. */
const readBoth = String.raw`
import sys, json, re, math, collections
from prov.model import ProvDocument, Literal, QualifiedName, Identifier
from prov.identifier import QualifiedName
import datetime
doc = ProvDocument.deserialize(sys.argv[1], format='json')

TOKEN = re.compile(r'''\s*(?:(?P<string>"(?:[^"\\\n\r]|\\[tbnrf"'\\])*")|(?P<name>'[^']*')|(?P<iri><[^>]*>)|(?P<pct>%%)|(?P<word>[^\s(),\[\]=;"'<>]+)|(?P<mark>[(),\[\]=;]))''', re.S)
def tokens(text):
    at = 0
    while text[at:].strip():
        m = TOKEN.match(text, at)
        if not m: raise SystemExit('no PROV-N at %d: %r' % (at, text[at:at+80]))
        yield m.lastgroup, m.group(m.lastgroup)
        at = m.end()
UN = {'t':'\t','b':'\b','n':'\n','r':'\r','f':'\f','"':'"',"'":"'",'\\':'\\'}
def unquote(s): return re.sub(r'\\(.)', lambda m: UN[m.group(1)], s[1:-1])
def parse(text):
    ts = list(tokens(text)); i = 0
    assert ts[0][1] == 'document' and ts[-1][1] == 'endDocument', 'document … endDocument'
    i = 1; prefixes = {'prov':'http://www.w3.org/ns/prov#','xsd':'http://www.w3.org/2001/XMLSchema#'}
    while ts[i][1] == 'prefix':
        prefixes[ts[i+1][1]] = ts[i+2][1][1:-1]; i += 3
    statements = []
    def uri(n):
        p, l = n.split(':', 1); return prefixes[p] + l
    while ts[i][1] != 'endDocument':
        kind = ts[i][1]; i += 1
        assert ts[i][1] == '('; i += 1
        args, attrs = [], []
        while True:
            if ts[i][1] == '[' and ts[i][0] == 'mark':
                i += 1
                while ts[i][1] != ']' or ts[i][0] != 'mark':
                    name = uri(ts[i][1]); assert ts[i+1][1] == '='; k, v = ts[i+2]; i += 3
                    if k == 'name': value = ('name', uri(v[1:-1]))
                    else:
                        assert k == 'string', (k, v)
                        type_ = 'http://www.w3.org/2001/XMLSchema#string'
                        if ts[i][0] == 'pct': type_ = uri(ts[i+1][1]); i += 2
                        value = (type_, unquote(v))
                    attrs.append((name, value))
                    if ts[i] == ('mark', ','): i += 1
                i += 1
            else:
                args.append(None if ts[i][1] == '-' else ts[i][1]); i += 1
            if ts[i] == ('mark', ')'): i += 1; break
            assert ts[i] == ('mark', ','), ts[i]; i += 1
        statements.append((kind, tuple(a if a is None or re.match(r'\d{4}-', a) else uri(a) for a in args), tuple(attrs)))
    return statements

XSD = 'http://www.w3.org/2001/XMLSchema#'
def number(x): return repr(float(x))
def norm(value):
    type_, text = value
    if type_ in (XSD+'int', XSD+'long', XSD+'integer'): return ('int', int(text))
    if type_ in (XSD+'double',): return ('double', number(text))
    if type_ == XSD+'boolean': return ('bool', text in ('true','1'))
    if type_ == XSD+'dateTime': return ('time', text[:19])
    return (type_, text)
def of_prov(v):
    if isinstance(v, bool): return ('bool', v)
    if isinstance(v, int): return ('int', v)
    if isinstance(v, float): return ('double', number(v))
    if isinstance(v, datetime.datetime): return ('time', v.isoformat()[:19])
    if isinstance(v, QualifiedName): return ('name', v.uri)
    if isinstance(v, Literal): return norm((v.datatype.uri, v.value))
    return (XSD+'string', str(v))

def times(args): return tuple(a[:26] if a and re.match(r'\d{4}-', a) else a for a in args)
ours = collections.Counter((k, times(a), frozenset((n, norm(v)) for n, v in at if not n.endswith(':madeAt'))) for k, a, at in parse(open(sys.argv[2], encoding='utf-8').read()))
theirs = collections.Counter()
from prov.constants import PROV_N_MAP
for r in doc.get_records():
    kind = PROV_N_MAP[r.get_type()]
    args = []
    if r.is_element(): args.append(r.identifier.uri)
    for name, value in r.formal_attributes:
        args.append(None if value is None else value.strftime('%Y-%m-%dT%H:%M:%S.%f') if isinstance(value, datetime.datetime) else value.uri)
    extra = frozenset((n.uri, of_prov(v)) for n, v in r.extra_attributes if not n.uri.endswith(':madeAt'))
    theirs[(kind, tuple(args), extra)] += 1
only = [repr(x)[:600] for x in (ours - theirs)][:3] + [repr(x)[:600] for x in (theirs - ours)][:3]
# What prov itself writes in PROV-N names the same things in the same order of arguments.
skeleton = lambda s: re.sub(r'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[^,)\]]*', r'\1', s)
def heads(text): return collections.Counter(skeleton(re.match(r'\s*(\w+\([^\[]*)', l).group(1).rstrip().rstrip(',)').rstrip()) for l in text.split('\n') if re.match(r'\s*(entity|activity|agent|used|was\w+|acted\w+|hadMember)\(', l))
mine, his = heads(open(sys.argv[2], encoding='utf-8').read()), heads(doc.get_provn())
heads_only = sorted((mine - his))[:3] + sorted((his - mine))[:3]
again = ProvDocument.deserialize(content=doc.serialize(format='json'), format='json')
nans = 'NaN' in open(sys.argv[1], encoding='utf-8').read()
unified = doc.unified()
kinds = collections.Counter(k for k, _, _ in theirs.elements())
uniq = len({r.identifier for r in doc.get_records() if r.is_element()}) == sum(1 for r in doc.get_records() if r.is_element())
print(json.dumps({'only': only, 'headsOnly': heads_only, 'roundTrip': nans or again == doc, 'unified': len(list(unified.get_records())), 'records': sum(kinds.values()), 'kinds': kinds, 'unique': uniq}))
`

const fixtures = readdirSync(`${fixtureFolder}/jsonl`).filter((name) => name.endsWith('.jsonl'))
const missing = whyNoPython('prov')

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(async () => await engine.close())

async function both(sourceId: string, params: Partial<Parameters<typeof makeDocument>[1]> = {}): Promise<JsonObject> {
  const [json, notation] = [await makeDocument(engine, { sourceId, format: 'prov-json', ...params }), await makeDocument(engine, { sourceId, format: 'prov-n', ...params })]
  return (await runPython(readBoth, [json, notation])) as JsonObject
}

describe.skipIf(missing !== null)(`PROV as Python's prov reads it${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(fixtures)('%s: the same statements in JSON and in PROV-N, as many as the run has', async (name) => {
    const source = await engine.open(`${fixtureFolder}/jsonl/${name}`)
    const { counts, sourceId } = source
    const read = await both(sourceId)
    expect(read).toMatchObject({ only: [], headsOnly: [], roundTrip: true, unique: true })
    const kinds = read['kinds'] as Record<string, number>
    const rows = await engine.ask('rows.page', { sourceId, records: 'tasks', columns: ['workflow_id', 'hostname', 'user', 'agent_id'], limit: 10_000, sort: [] })
    const filled = (at: number): number => rows.rows.filter(({ cells }) => cells[at] !== null).length
    const workflows = new Set(rows.rows.flatMap(({ cells }) => (cells[0] === null ? [] : [String(cells[0])])))
    for (const row of (await engine.ask('rows.page', { sourceId, records: 'workflows', columns: ['parent_workflow_id'], limit: 1000, sort: [] })).rows) {
      workflows.add(row.id)
      if (row.cells[0] !== null) workflows.add(String(row.cells[0]))
    }
    expect(kinds['activity']).toBe(counts.tasks + workflows.size)
    const workflowUsers = (await engine.ask('filter.check', { sourceId, records: 'workflows', filter: { user: { $ne: null } } })).count
    expect(kinds['wasAssociatedWith'] ?? 0).toBe(filled(1) + filled(2) + filled(3) + workflowUsers)
    expect(kinds['wasInformedBy'] ?? 0).toBe(namedTasks((await engine.ask('rows.documents', { sourceId, records: 'tasks', limit: 10_000 })).documents))
    expect(read['unified']).toBe(read['records'])
    await engine.ask('sources.close', { sourceId })
  })
})

/** How often tasks name others, by the documents alone: as parent, dependency or dependent, or as a value that they used. */
function namedTasks(documents: readonly string[]): number {
  const tasks = documents.map((text) => parseJson(text) as JsonObject)
  const ids = new Set(tasks.map((task) => String(task['task_id'])))
  const texts = (value: JsonValue | undefined): string[] => (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string' && item !== '')
  const named = new Set<string>()
  for (const [at, task] of tasks.entries()) {
    for (const key of ['parent_task_id', 'dependencies', 'dependents']) for (const id of texts(task[key])) named.add(JSON.stringify([at, key, id]))
    for (const { name, value } of fieldLeaves(task['used'])) for (const id of texts(value)) if (ids.has(id)) named.add(JSON.stringify([at, `used.${name}`, id]))
  }
  return named.size
}

type Relations = Record<string, Record<string, string>>
type Document = Record<'entity' | 'used' | 'wasGeneratedBy' | 'wasDerivedFrom' | 'wasInformedBy' | 'activity' | 'agent' | 'actedOnBehalfOf', Relations>
async function provOf(sourceId: string, params: Partial<Parameters<typeof makeDocument>[1]> = {}): Promise<Document> {
  return JSON.parse(readFileSync(await makeDocument(engine, { sourceId, format: 'prov-json', ...params }), 'utf8')) as Document
}

/** A literal of PROV-JSON as the value that it stands for. */
function valueOf(literal: unknown): JsonValue {
  if (typeof literal === 'string') return literal
  const { $: text, type } = literal as { $: string; type: string }
  if (type === 'provscope:json') return parseJson(text)
  if (type === 'xsd:boolean') return text === 'true'
  if (type === 'xsd:double') return Number(text.replace('INF', 'Infinity'))
  return parseJson(text)
}

describe('what a document of PROV says', () => {
  it('has every value that was used or generated, as it was captured', async () => {
    const { sourceId } = await engine.open(`${fixtureFolder}/jsonl/08_odd_values.jsonl`)
    const document = await provOf(sourceId, { inferred: false })
    const { documents } = await engine.ask('rows.documents', { sourceId, records: 'tasks', limit: 1000 })
    let values = 0
    for (const task of documents.map((text) => parseJson(text) as JsonObject)) {
      for (const [side, relation] of [['used', document.used], ['generated', document.wasGeneratedBy]] as const) {
        const id = provName('task', String(task['task_id']))
        const stated = Object.values(relation).filter((one) => one['prov:activity'] === id).map((one) => {
          const literal = document.entity[one['prov:entity'] as string]?.['prov:value'] as unknown
          return [one['prov:role'] ?? null, (literal as { type?: string }).type === 'provscope:cut' ? literal : stringifyJson(valueOf(literal))]
        })
        const captured = fieldLeaves(task[side]).map(({ name, value }) => {
          const literal = literalOf(value)
          return [name, literal.type === 'provscope:cut' ? { $: literal.text, type: literal.type } : stringifyJson(value)]
        })
        values += captured.length
        expect(stated).toEqual(captured)
      }
    }
    expect(values).toBeGreaterThan(300)
  })

  it('has one entity for a value that one task generated and another used, and two where only captured edges are wanted', async () => {
    const { sourceId } = await engine.open(`${fixtureFolder}/jsonl/02_pipeline.jsonl`)
    const [all, captured] = [await provOf(sourceId), await provOf(sourceId, { inferred: false })]
    const tied = Object.values(all.used).filter((one) => one['provscope:evidence'] === 'inferred')
    expect(tied.length).toBeGreaterThan(0)
    for (const one of tied) {
      const entity = one['prov:entity'] as string
      expect(Object.values(all.wasGeneratedBy).filter((made) => made['prov:entity'] === entity)).toHaveLength(1)
      expect(captured.entity[entity]).toEqual(all.entity[entity])
      expect(one['provscope:via']).toMatch(/^used\..+ = generated\./)
    }
    expect(Object.keys(captured.used)).toHaveLength(Object.keys(all.used).length)
    expect(Object.keys(captured.entity)).toHaveLength(Object.keys(all.entity).length + tied.length)
    expect(Object.values(captured.used).every((one) => one['provscope:evidence'] === 'captured')).toBe(true)
    expect(captured.wasDerivedFrom).toBeUndefined()
  })

  it('states of a lineage just the tasks that it has', async () => {
    const { sourceId } = await engine.open(`${fixtureFolder}/jsonl/02_pipeline.jsonl`)
    const { rows } = await engine.ask('rows.page', { sourceId, records: 'tasks', columns: [], limit: 1, offset: 10, sort: [] })
    const taskId = rows[0]?.id as string
    for (const direction of ['up', 'down', 'both'] as const) {
      const { nodes } = await engine.ask('lineage.page', { sourceId, taskId, direction })
      const { activity } = await provOf(sourceId, { subject: { kind: 'lineage', taskId, direction } })
      expect(Object.keys(activity).filter((id) => id.startsWith('task:'))).toHaveLength(nodes)
    }
  })

  it('states of a campaign all its workflows, of a workflow its own tasks, and refuses what is not there', async () => {
    const { sourceId } = await engine.open(`${fixtureFolder}/jsonl/12_sweep.jsonl`)
    const { rows } = await engine.ask('rows.page', { sourceId, records: 'workflows', columns: [], limit: 1, sort: [] })
    const id = rows[0]?.id as string
    const tasks = async (subject: Parameters<typeof makeDocument>[1]['subject']): Promise<number> => Object.keys((await provOf(sourceId, { subject })).activity).filter((one) => one.startsWith('task:')).length
    expect(await tasks({ kind: 'campaign', id: 'sweep-omega' })).toBe(24)
    expect(await tasks({ kind: 'workflow', id })).toBe((await engine.ask('filter.check', { sourceId, filter: { workflow_id: id } })).count)
    await expect(tasks({ kind: 'workflow', id: 'nobody' })).rejects.toThrow('There is no workflow "nobody" in this source.')
    await expect(tasks({ kind: 'lineage', taskId: 'nobody' })).rejects.toThrow('There is no task "nobody" in this source.')
    await expect(provOf(sourceId, { scope: { filter: { activity_id: 'nobody' }, search: '' } })).rejects.toThrow('What is shown has no tasks')
  })

  it('keeps agents, and on whose behalf they acted', async () => {
    const { sourceId } = await engine.open(`${fixtureFolder}/jsonl/07_agents.jsonl`)
    const { actedOnBehalfOf, agent } = await provOf(sourceId)
    expect(Object.keys(agent).filter((id) => id.startsWith('agent:'))).toHaveLength(2)
    const both = (await engine.ask('filter.check', { sourceId, filter: { agent_id: { $ne: null }, source_agent_id: { $ne: null } } })).count
    expect(Object.keys(actedOnBehalfOf ?? {})).toHaveLength(both)
  })
})
