/** A document about a run as something to be written: which maker, about what. */
import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DocumentFormat } from '#contract/exports'
import type { Params } from '#contract/methods'
import { ownId } from '#contract/momentId'
import { exportManifest, type ManifestOf } from '../export/manifest.ts'
import type { Writing, Written } from '../export/writing.ts'
import { everything } from '../table/rowsIn.ts'
import type { Services } from '../handlers.ts'
import { cardMarkdown } from './card/cardWriting.ts'
import { writeCrate } from './crate/crateWriting.ts'
import { checkDocument, type Expected } from './documentCheck.ts'
import { type DocumentFacts, documentFacts } from './documentFacts.ts'
import { type Making, type Sink, writeProvJson, writeProvN } from './prov/provWriting.ts'
import { reportHtml } from './report/reportWriting.ts'
import { type SubjectRecords, subjectRecords } from './subjectRecords.ts'

/** `folder` is private to the one document, and there only if a maker makes it. */
export type Made = { readonly services: Services; readonly params: Params<'exports.document'>; readonly subject: SubjectRecords; readonly facts: DocumentFacts; readonly folder: string }
type Known = Omit<Expected, 'sha256'>
type Maker = (made: Made, sink: Sink, making: Making) => Promise<Known>

const makers: Record<DocumentFormat, Maker> = {
  'prov-json': async ({ facts, folder, subject }, sink, making) => ({ statements: await writeProvJson(subject, facts, folder, sink, making) }),
  'prov-n': async ({ facts, subject }, sink, making) => ({ statements: await writeProvN(subject, facts, sink, making) }),
  'ro-crate': async ({ facts, folder, subject }, sink, making) => ({ files: await writeCrate(subject, facts, folder, sink, making) }),
  'workflow-card': async ({ facts, subject }, sink, making) => await put(sink, await cardMarkdown(subject, facts, making)),
  'html-report': async (made, sink, making) => await put(sink, await reportHtml(made, making))
}

async function put(sink: Sink, text: string): Promise<Known> {
  await sink(Buffer.from(text))
  return {}
}

/** @throws Refusal if there is no such subject or nothing to say of it */
export async function documentWriting(services: Services, params: Params<'exports.document'>): Promise<Writing> {
  const table = await services.sources.table(params.sourceId)
  const subject = await subjectRecords(table, params, new AbortController().signal)
  const startedAt = new Date()
  let expected: Expected = { sha256: '' }
  return {
    kind: params.format,
    name: params.name,
    handle: params.handle,
    countRows: () => Promise.resolve(subject.counts.tasks),
    write: async (sink, { onProgress, signal }) => {
      const [facts, hash, progress] = [await documentFacts(services, params), createHash('sha256'), { rows: 0, bytes: 0 }]
      const counted: Sink = async (bytes) => {
        hash.update(bytes)
        await sink(bytes)
        progress.bytes += bytes.length
        onProgress({ ...progress })
      }
      const onTasks = (tasks: number): void => {
        progress.rows = tasks
        if (tasks % 1000 === 0) onProgress({ ...progress })
      }
      const folder = join(services.live.spillFolder, `document-${randomUUID()}`)
      const known = await makers[params.format]({ services, params, subject, facts, folder }, counted, { signal, onTasks })
      expected = { ...known, sha256: hash.digest('hex') }
      return { ...progress, rows: subject.counts.tasks }
    },
    check: async (path, { signal }) => await checkDocument(path, params.format, expected, signal),
    manifest: params.manifest ? async (written) => await exportManifest(services, params.sourceId, manifestOf(params, subject, written, startedAt)) : undefined,
    gaps: () => services.live.queues.gapsOf(ownId(params.sourceId))
  }
}

function manifestOf({ format, inferred, scope, secrets, subject: about }: Params<'exports.document'>, subject: SubjectRecords, { bytes, checks, name, sha256 }: Written, startedAt: Date): ManifestOf {
  const { agents, objects, tasks, workflows } = subject.counts
  return {
    format,
    result: { name, bytes, sha256 },
    // A filter says what is shown; every other subject is whole.
    selection: { records: 'tasks', scope: about.kind === 'shown' ? scope : everything, sort: [], columns: null, subject: about, inferred },
    rows: tasks,
    related: { workflow: workflows, agent: agents, object: objects },
    secrets: { treatment: secrets, values: subject.treated() },
    checks,
    notes: [],
    startedAt
  }
}
