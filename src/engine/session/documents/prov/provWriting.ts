/** PROV-JSON and PROV-N of a subject, to any sink: memory is bounded by a few tasks, whatever their number. */
import type { DocumentFacts } from '../documentFacts.ts'
import type { SubjectRecords } from '../subjectRecords.ts'
import { ProvJson } from './provJson.ts'
import { provNFooter, provNHeader, provNLine } from './provN.ts'
import { subjectStatements } from './subjectStatements.ts'

export type Sink = (bytes: Uint8Array) => Promise<void>
export type Making = { readonly signal: AbortSignal; /** Tasks that are done. */ readonly onTasks: (tasks: number) => void }

const bufferedLength = 256 * 1024

/**
 * @param folder private to this; gone when it ends
 * @returns how many statements there are
 */
export async function writeProvJson(subject: SubjectRecords, facts: DocumentFacts, folder: string, sink: Sink, { onTasks, signal }: Making): Promise<number> {
  const json = new ProvJson(folder)
  let count = 0
  try {
    for await (const { statements, tasks } of subjectStatements(subject, facts, signal)) {
      for (const statement of statements) await json.add(statement)
      count += statements.length
      onTasks(tasks)
    }
    await json.finish(sink)
    return count
  } finally {
    await json.close()
  }
}

export async function writeProvN(subject: SubjectRecords, facts: DocumentFacts, sink: Sink, { onTasks, signal }: Making): Promise<number> {
  let text = provNHeader()
  let count = 0
  for await (const { statements, tasks } of subjectStatements(subject, facts, signal)) {
    text += statements.map(provNLine).join('')
    count += statements.length
    if (text.length > bufferedLength) {
      await sink(Buffer.from(text))
      text = ''
    }
    onTasks(tasks)
  }
  await sink(Buffer.from(`${text}${provNFooter}`))
  return count
}
