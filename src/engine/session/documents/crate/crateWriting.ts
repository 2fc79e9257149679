/** An RO-Crate of a subject as a zip: metadata, preview, the records as Flowcept's buffer, the Workflow Card and PROV. */
import { type JsonObject, type JsonValue, setField, stringifyJson } from '#contract/json'
import { idField } from '#engine/records/classify'
import { cardMarkdown, fitsCard } from '../card/cardWriting.ts'
import type { DocumentFacts } from '../documentFacts.ts'
import { ProvJson } from '../prov/provJson.ts'
import type { Making, Sink } from '../prov/provWriting.ts'
import { subjectStatements } from '../prov/subjectStatements.ts'
import type { SubjectRecords } from '../subjectRecords.ts'
import { CrateGraph, mostTaskActions } from './crateGraph.ts'
import { crateMetadata } from './crateMetadata.ts'
import { cratePreview } from './cratePreview.ts'
import { type CrateFile, CrateZip } from './crateZip.ts'

const buffered = 256 * 1024
const silent = (): void => undefined

/** @returns the files in it */
export async function writeCrate(subject: SubjectRecords, facts: DocumentFacts, folder: string, sink: Sink, { onTasks, signal }: Making): Promise<CrateFile[]> {
  const zip = new CrateZip(sink, facts.madeAt)
  const files: CrateFile[] = []
  const graph = new CrateGraph(subject.counts.tasks <= mostTaskActions)
  const add = async (name: string, type: string, description: string, fill: (into: Sink) => Promise<void>): Promise<void> => void files.push(await zip.add({ name, type, description }, fill))
  await add('records.jsonl', 'application/jsonl', "The records of the run, one a line, in the form of Flowcept's buffer", (into) => writeRecords(subject, into, { onTasks, signal }))
  await add('provenance.prov.json', 'application/json', 'The provenance of the run as W3C PROV-JSON', (into) => writeProvenance(subject, facts, { folder, graph }, into, signal))
  if (fitsCard(subject)) await add('workflow-card.md', 'text/markdown', 'Workflow Card', async (into) => await into(Buffer.from(await cardMarkdown(subject, facts, { onTasks: silent, signal }))))
  if (facts.gaps !== null) await add('gaps.json', 'application/json', 'What is known to be missing of the records', (into) => into(Buffer.from(facts.gaps ?? '')))
  const metadata = crateMetadata(subject, facts, graph, files)
  const own = [
    await zip.add({ name: 'ro-crate-metadata.json', type: 'application/ld+json', description: '' }, (into) => into(Buffer.from(metadata.text))),
    await zip.add({ name: 'ro-crate-preview.html', type: 'text/html', description: '' }, (into) => into(Buffer.from(cratePreview(metadata))))
  ]
  await zip.finish()
  return [...files, ...own]
}

async function writeProvenance(subject: SubjectRecords, facts: DocumentFacts, { folder, graph }: { folder: string; graph: CrateGraph }, sink: Sink, signal: AbortSignal): Promise<void> {
  const json = new ProvJson(folder)
  try {
    for await (const { statements } of subjectStatements(subject, facts, signal)) {
      for (const statement of statements) {
        graph.add(statement)
        await json.add(statement)
      }
    }
    await json.finish(sink)
  } finally {
    await json.close()
  }
}

/** First what the tasks belong to, then they themselves. */
async function writeRecords(subject: SubjectRecords, sink: Sink, { onTasks, signal }: Making): Promise<void> {
  let text = ''
  let tasks = 0
  for (const [records, kind] of [['workflows', 'workflow'], ['agents', 'agent'], ['objects', 'object'], ['tasks', 'task']] as const) {
    for await (const { document, id } of subject.each(records, signal)) {
      text += `${bufferLine(document, kind, id)}\n`
      if (kind === 'task') onTasks(++tasks)
      if (text.length < buffered) continue
      await sink(Buffer.from(text))
      text = ''
    }
  }
  await sink(Buffer.from(text))
}

/** As Flowcept's buffer has it: with its type and its id, and null for numbers that JSON does not have. */
function bufferLine(document: JsonObject, kind: keyof typeof idField, id: string): string {
  const record: JsonObject = { type: kind, ...document }
  setField(record, idField[kind], id)
  const text = stringifyJson(record)
  return /NaN|Infinity/.test(text) ? stringifyJson(finite(record)) : text
}

function finite(value: JsonValue): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(finite)
  const copy: JsonObject = {}
  for (const [key, item] of Object.entries(value)) setField(copy, key, finite(item))
  return copy
}
