/** A document about a run as something to be written: which maker, about what. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DocumentFormat } from '#contract/exports'
import type { Params } from '#contract/methods'
import { ownId } from '#contract/momentId'
import type { Writing } from '../export/exports.ts'
import type { Services } from '../handlers.ts'
import { cardMarkdown } from './card/cardWriting.ts'
import { writeCrate } from './crate/crateWriting.ts'
import { type DocumentFacts, documentFacts } from './documentFacts.ts'
import { type Making, type Sink, writeProvJson, writeProvN } from './prov/provWriting.ts'
import { type SubjectRecords, subjectRecords } from './subjectRecords.ts'

/** `folder` is private to the one document, and there only if a maker makes it. */
export type Made = { readonly services: Services; readonly params: Params<'exports.document'>; readonly subject: SubjectRecords; readonly facts: DocumentFacts; readonly folder: string }
type Maker = (made: Made, sink: Sink, making: Making) => Promise<void>

const makers: Record<DocumentFormat, Maker> = {
  'prov-json': ({ facts, folder, subject }, sink, making) => writeProvJson(subject, facts, folder, sink, making),
  'prov-n': ({ facts, subject }, sink, making) => writeProvN(subject, facts, sink, making),
  'workflow-card': async ({ facts, subject }, sink, making) => sink(Buffer.from(await cardMarkdown(subject, facts, making))),
  'ro-crate': ({ facts, folder, subject }, sink, making) => writeCrate(subject, facts, folder, sink, making)
} as Record<DocumentFormat, Maker>

/** @throws Refusal if there is no such subject or nothing to say of it */
export async function documentWriting(services: Services, params: Params<'exports.document'>): Promise<Writing> {
  const table = await services.sources.table(params.sourceId)
  const subject = await subjectRecords(table, params, new AbortController().signal)
  return {
    kind: params.format,
    name: params.name,
    handle: params.handle,
    countRows: () => Promise.resolve(subject.counts.tasks),
    write: async (sink, { onProgress, signal }) => {
      const facts = await documentFacts(services, params)
      const progress = { rows: 0, bytes: 0 }
      const counted: Sink = async (bytes) => {
        await sink(bytes)
        progress.bytes += bytes.length
        onProgress({ ...progress })
      }
      const onTasks = (tasks: number): void => {
        progress.rows = tasks
        if (tasks % 1000 === 0) onProgress({ ...progress })
      }
      await makers[params.format]({ services, params, subject, facts, folder: join(services.live.spillFolder, `document-${randomUUID()}`) }, counted, { signal, onTasks })
      return { ...progress, rows: subject.counts.tasks }
    },
    gaps: () => services.live.queues.gapsOf(ownId(params.sourceId))
  }
}
