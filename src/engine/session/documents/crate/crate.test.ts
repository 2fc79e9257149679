/** RO-Crates of every fixture as the packages of others read them: rocrate opens the zip, runcrate reports its actions. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '#contract/json'
import { type AskedEngine, askEngine } from '../../../../testing/askEngine.ts'
import { makeDocument } from '../../../../testing/makeDocument.ts'
import { fixtureFolder } from '../../../../testing/openFixture.ts'
import { runPython, whyNoPython } from '../../../../testing/python.ts'
import { openFixture } from '../../../../testing/openFixture.ts'

const readCrate = String.raw`
import sys, json, io, zipfile, hashlib, warnings, re
warnings.simplefilter('error')
from rocrate.rocrate import ROCrate
from runcrate.report import dump_crate_actions
path, folder = sys.argv[1:3]
archive = zipfile.ZipFile(path)
assert archive.testzip() is None
archive.extractall(folder)
crate = ROCrate(folder)
graph = json.load(open(folder + '/ro-crate-metadata.json', encoding='utf-8'))['@graph']
ids = [e['@id'] for e in graph]
def references(value):
    if isinstance(value, dict):
        if set(value) == {'@id'}: yield value['@id']
        else:
            for v in value.values(): yield from references(v)
    elif isinstance(value, list):
        for v in value: yield from references(v)
dangling = sorted({r for e in graph for k, v in e.items() for r in references(v) if r not in ids and not r.startswith('http')})
unread = [i for i in ids if i != 'ro-crate-metadata.json' and crate.dereference(i) is None]
out = io.StringIO()
dump_crate_actions(crate, out)
actions = [e for e in crate.get_entities() if 'CreateAction' in (e.type if isinstance(e.type, list) else [e.type])]
files = {e.id: [e.get('contentSize'), e.get('sha256')] for e in crate.get_entities() if e.type == 'File'}
sizes = {name: [str(len(archive.read(name))), hashlib.sha256(archive.read(name)).hexdigest()] for name in files}
preview = archive.read('ro-crate-preview.html').decode()
print(json.dumps({
    'names': sorted(archive.namelist()), 'twice': len(ids) - len(set(ids)), 'dangling': dangling, 'unread': unread,
    'actions': len(actions), 'reported': out.getvalue().count('action: '), 'inputs': sum(len(a.get('object') or []) if isinstance(a.get('object'), list) else bool(a.get('object')) for a in actions),
    'mentions': len(crate.root_dataset.get('mentions') or []), 'profile': [p.id for p in crate.root_dataset.get('conformsTo')], 'sizes': files == sizes,
    'name': crate.name, 'license': bool(crate.license), 'published': str(crate.datePublished)[:4],
    'foreign': re.findall(r'(?:src|href)="(https?:[^"]*)"', preview), 'scripts': preview.count('<script'),
}))
`

const missing = whyNoPython('rocrate', 'runcrate')
const fixtures = readdirSync(`${fixtureFolder}/jsonl`).filter((name) => name.endsWith('.jsonl'))

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(async () => await engine.close())

describe.skipIf(missing !== null)(`RO-Crates as rocrate and runcrate read them${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(fixtures)('%s: everything that is named is there, each task and run is an action, and the records are those of the run', async (name) => {
    const { counts, sourceId } = await engine.open(`${fixtureFolder}/jsonl/${name}`)
    const folder = join(engine.folder, `${name}.crate`)
    const read = (await runPython(readCrate, [await makeDocument(engine, { sourceId, format: 'ro-crate' }), folder])) as JsonObject
    const named = (await engine.ask('groups.page', { sourceId, by: 'workflow_id', limit: 100 })).groups.filter(({ value }) => typeof value === 'string' && value !== '')
    const parents = (await engine.ask('groups.page', { sourceId, records: 'workflows', by: 'parent_workflow_id', limit: 100 })).groups
    const recorded = (await engine.ask('rows.page', { sourceId, records: 'workflows', columns: [], limit: 1000, sort: [] })).rows.map(({ id }) => id)
    const runs = new Set([...recorded, ...[...named, ...parents].flatMap(({ value }) => (typeof value === 'string' ? [value] : []))])
    expect(read).toMatchObject({ twice: 0, dangling: [], unread: [], sizes: true, license: true, profile: ['https://w3id.org/ro/wfrun/process/0.5'], foreign: [], scripts: 0 })
    expect(read['actions']).toBe(counts.tasks + runs.size)
    expect(read['reported']).toBe(read['actions'])
    expect(read['mentions']).toBe(read['actions'])
    expect(read['names']).toEqual(['provenance.prov.json', 'records.jsonl', 'ro-crate-metadata.json', 'ro-crate-preview.html', 'workflow-card.md'])
    const again = await openFixture(join(folder, 'records.jsonl'))
    const kinds = await again.source.query({ text: `SELECT r.kind, count(*)::INTEGER FROM ${again.source.rows} r WHERE r.is_record GROUP BY 1 ORDER BY 1`, values: [] })
    await again.close()
    expect(kinds.filter(([, count]) => Number(count) > 0)).toEqual([[0, counts.tasks], [1, counts.workflows], [2, counts.agents], [3, counts.objects]].filter(([, count]) => count !== 0))
    await engine.ask('sources.close', { sourceId })
  })
})
