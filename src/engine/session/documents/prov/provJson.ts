/** Statements as PROV-JSON, which has them by kind: each kind is spooled to a file of its own, and these are put together in the end. */
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attribute, Literal, Statement, StatementKind } from './provModel.ts'
import { namespaces, relationParts, statementKinds } from './provModel.ts'

type Sink = (bytes: Uint8Array) => Promise<void>
type Section = { file: FileHandle | null; text: string; entries: number }

const bufferedLength = 256 * 1024

export class ProvJson {
  private readonly sections = new Map<StatementKind, Section>()
  private relations = 0

  /** @param folder private to it; made when it is needed, gone after `finish` or `close` */
  constructor(private readonly folder: string) {}

  async add(statement: Statement): Promise<void> {
    const section = this.sections.get(statement.kind) ?? { file: null, text: '', entries: 0 }
    this.sections.set(statement.kind, section)
    section.text += `${section.entries++ === 0 ? '' : ','}\n    ${this.entryOf(statement)}`
    if (section.text.length > bufferedLength) await this.spool(statement.kind, section)
  }

  async finish(sink: Sink): Promise<void> {
    const write = (text: string): Promise<void> => sink(Buffer.from(text))
    await write(`{\n  "prefix": ${JSON.stringify(namespaces)}`)
    for (const kind of statementKinds) {
      const section = this.sections.get(kind)
      if (section === undefined) continue
      await write(`,\n  "${kind}": {`)
      if (section.file !== null) {
        await this.spool(kind, section)
        await section.file.close()
        for await (const bytes of createReadStream(this.pathOf(kind), { highWaterMark: bufferedLength })) await sink(bytes as Uint8Array)
        section.file = null
      } else await write(section.text)
      await write('\n  }')
    }
    await write('\n}\n')
  }

  async close(): Promise<void> {
    for (const { file } of this.sections.values()) await file?.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  private async spool(kind: StatementKind, section: Section): Promise<void> {
    if (section.file === null) {
      await mkdir(this.folder, { recursive: true })
      section.file = await open(this.pathOf(kind), 'w')
    }
    await section.file.appendFile(section.text)
    section.text = ''
  }

  private pathOf(kind: StatementKind): string {
    return join(this.folder, `${kind}.json`)
  }

  private entryOf(statement: Statement): string {
    const id = 'id' in statement ? statement.id : `_:${statement.kind}${++this.relations}`
    return `${JSON.stringify(id)}: ${JSON.stringify({ ...formalOf(statement), ...attributesOf(statement.attributes) })}`
  }
}

function formalOf(statement: Statement): Record<string, string> {
  if (statement.kind === 'activity') return { ...(statement.start !== null && { 'prov:startTime': statement.start }), ...(statement.end !== null && { 'prov:endTime': statement.end }) }
  if ('id' in statement) return {}
  const names = relationParts[statement.kind]
  return Object.fromEntries(statement.parts.flatMap((part, at) => (part === null ? [] : [[names[at] as string, part]])))
}

type JsonLiteral = string | { $: string; type: string }

function attributesOf(attributes: readonly Attribute[]): Record<string, JsonLiteral | JsonLiteral[]> {
  const values = new Map<string, JsonLiteral[]>()
  for (const [name, literal] of attributes) values.set(name, [...(values.get(name) ?? []), jsonLiteral(literal)])
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] as JsonLiteral) : all]))
}

function jsonLiteral({ text, type }: Literal): JsonLiteral {
  return type === 'xsd:string' ? text : { $: text, type: type === 'name' ? 'prov:QUALIFIED_NAME' : type }
}
