/** A view as it travels: in a file `*.provscope-view.json`, in a link, in the list of saved ones. Read with care: it may come from anybody. */
import { z } from 'zod'
import { parseFilter } from './filter.ts'
import { Refusal } from './reply.ts'
import { recordsSchema, sortSchema } from './values.ts'

/** Of files that this version writes; those of later versions are read as far as they are understood. */
export const viewFileVersion = 1
export const viewFileEnding = '.provscope-view.json'
export const largestViewBytes = 256 * 1024

const name = z.string().trim().min(1).max(200)
const columnName = z.string().min(1).max(2000)
const columnNames = z.array(columnName).max(5000)
const filter = z.record(z.string(), z.unknown()).refine((value) => mistakeOf(value) === null, { error: ({ input }) => mistakeOf(input) ?? 'This is no filter.' })

/** How a table is arranged: what is not named is as by default. */
const tableSchema = z.looseObject({
  visible: z.record(columnName, z.boolean()).default({}),
  order: columnNames.default([]),
  pinned: columnNames.default([]),
  widthsPx: z.record(columnName, z.number().min(10).max(10_000)).default({}),
  sort: sortSchema.default([]),
  groupBy: columnName.nullable().default(null),
  hideEmpty: z.boolean().default(true),
  hideConstant: z.boolean().default(false)
})

/** What narrows (filter, search, node, time), which records, how the table is arranged, which view and how that is. */
export const viewSchema = z.looseObject({
  /** Id of a view of the workbench, such as `table`; one that is not known leaves the view as it is. */
  view: z.string().max(40).default('table'),
  records: recordsSchema.default('tasks'),
  chips: z.array(z.looseObject({ filter, on: z.boolean().default(true) })).max(200).default([]),
  search: z.string().max(10_000).default(''),
  node: z.looseObject({ kind: z.enum(['campaign', 'workflow', 'activity']), key: z.string().max(10_000), name: z.string().max(2000), filter }).nullable().default(null),
  /** Epoch seconds of `started_at`. */
  range: z.looseObject({ from: z.number(), to: z.number() }).nullable().default(null),
  /** Null: the table as it is. */
  table: tableSchema.nullable().default(null),
  /** The timeline's lanes, as in an address. */
  lanes: z.string().max(200).nullable().default(null),
  /** What differs from the default in how runs are compared, as in an address. */
  compare: z.record(z.string(), z.unknown()).nullable().default(null)
})
export type ViewContent = z.output<typeof viewSchema>
export type ViewTable = NonNullable<ViewContent['table']>

/** @property unknown parts that this version does not know; they are kept */
export type ReadView = { name: string; view: ViewContent; unknown: string[] }

/** As it is written to a file. */
export function viewText(viewName: string, view: ViewContent, indent = 2): string {
  return `${JSON.stringify({ provscopeView: viewFileVersion, name: viewName, view }, null, indent)}${indent > 0 ? '\n' : ''}`
}

/** @throws Refusal `bad-request` with a sentence, and the place of the mistake */
export function readViewText(text: string): ReadView {
  if (new TextEncoder().encode(text).length > largestViewBytes) throw wrong(`A view has at most ${largestViewBytes / 1024} KB; this is no view.`)
  const document = parse(text.replace(/^\uFEFF/, ''))
  if (!isObject(document) || !Object.hasOwn(document, 'provscopeView')) throw wrong('This is no view of Provscope: it has no "provscopeView".')
  const version = document['provscopeView']
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) throw wrong(`"provscopeView" is the version of the file, a number such as ${viewFileVersion}.`)
  const read = z.looseObject({ name, view: viewSchema }).safeParse(document)
  if (!read.success) throw mistake(read.error)
  const later = version > viewFileVersion ? [`version ${version} of the format`] : []
  return { name: read.data.name, view: read.data.view, unknown: [...later, ...strangers(document)] }
}

/** `provscope://view?data=…`: the whole view stands in it, so that it needs no server. */
export const viewLink = (viewName: string, view: ViewContent): string => `provscope://view?data=${encodeURIComponent(viewText(viewName, view, 0))}`

/** Null for what is no link to a view. @throws Refusal for a link whose view cannot be read */
export function readViewLink(link: string): ReadView | null {
  const data = viewDataOf(link.trim())
  return data === null ? null : readViewText(data)
}

function viewDataOf(link: string): string | null {
  const own = /^provscope:\/\/view\/?\?(.*)$/is.exec(link)?.[1] ?? /^https?:\/\/[^/#]+\/[^#]*#\/saved\?(.*)$/is.exec(link)?.[1] ?? /^#\/saved\?(.*)$/s.exec(link)?.[1]
  return own === undefined ? null : (new URLSearchParams(own).get('data') ?? '')
}

/** The dotted names of parts that no version so far has. */
function strangers(document: Record<string, unknown>): string[] {
  const view = isObject(document['view']) ? document['view'] : {}
  const table = isObject(view['table']) ? view['table'] : {}
  const of = (value: Record<string, unknown>, known: readonly string[], prefix: string): string[] => Object.keys(value).filter((key) => !known.includes(key)).map((key) => `${prefix}${key}`)
  return [...of(document, ['provscopeView', 'name', 'view'], ''), ...of(view, Object.keys(viewSchema.shape), 'view.'), ...of(table, Object.keys(tableSchema.shape), 'view.table.')].slice(0, 20)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw wrong(`This is no JSON, and so no view: ${error.message.slice(0, 200)}.`)
    throw error
  }
}

function mistakeOf(value: unknown): string | null {
  try {
    parseFilter(value)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function mistake(error: z.ZodError): Refusal {
  const [issue] = error.issues
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)))
  return new Refusal('bad-request', `This view cannot be read: ${path.length > 0 ? `${path.join('.')}: ` : ''}${issue?.message ?? 'it is not one'}`, path)
}

const wrong = (message: string): Refusal => new Refusal('bad-request', message)
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
