/** The registry of settings: what each is called, does and may hold, and what holds where nobody says otherwise. */
import { z } from 'zod'

/** How a setting is chosen: what its row shows, and what is said to be allowed. */
export type SettingControl =
  | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] }
  | { readonly kind: 'switch' }
  /** `automatic`: null is allowed, and shown in these words. */
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly unit: string; readonly automatic: string | null }
  /** Null is allowed; `placeholder` says what holds then. */
  | { readonly kind: 'text'; readonly placeholder: string }
  /** A folder of this machine, or null; pages choose it through a dialog. */
  | { readonly kind: 'folder'; readonly placeholder: string }
  /** Keys by the id of their command, null where it has none. */
  | { readonly kind: 'keys' }

export const settingGroups = ['Appearance', 'Times', 'Keyboard', 'Reading', 'Export', 'Recording'] as const
export type SettingGroup = (typeof settingGroups)[number]

export type Setting<T = unknown> = {
  readonly group: SettingGroup
  readonly title: string
  /** What it does, in a sentence. */
  readonly what: string
  readonly schema: z.ZodType<T>
  readonly fallback: T
  readonly control: SettingControl
  /** What is allowed, as it follows “may be”. */
  readonly allowed: string
  /** An environment variable that is stronger than the file. */
  readonly variable?: string
  /** Only what is started anew goes by it. */
  readonly restart?: true
}

type Words = { group: SettingGroup; title: string; what: string; variable?: string; restart?: true }

function choice<const T extends string>(words: Words, fallback: NoInfer<T>, options: readonly { value: T; label: string }[]): Setting<T> {
  const values = options.map(({ value }) => value)
  return { ...words, schema: z.enum(values) as unknown as z.ZodType<T>, fallback, control: { kind: 'choice', options }, allowed: `one of ${values.join(', ')}` }
}

const onOff = (words: Words, fallback: boolean): Setting<boolean> => ({ ...words, schema: z.boolean(), fallback, control: { kind: 'switch' }, allowed: 'true or false' })

function whole(words: Words, fallback: number, { min, max, unit }: { min: number; max: number; unit: string }): Setting<number> {
  return { ...words, schema: z.number().int().min(min).max(max), fallback, control: { kind: 'number', min, max, unit, automatic: null }, allowed: `a whole number from ${min} to ${max}` }
}

const stores = [
  { value: 'flowcept', label: 'As Flowcept’s settings say' },
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' }
] as const

/** No password, which would then stand in a file in plain text. */
const mongoUri = z
  .string()
  .max(2000)
  .regex(/^mongodb(\+srv)?:\/\/[^/\s]+/)
  .refine((uri) => !/^[a-z+]+:\/\/[^/@]*:[^/@]*@/.test(uri))

/** As `Command.keys`: `Ctrl+Shift+K`, `F6`, `/`. */
export const keysSchema = z.string().regex(/^(Ctrl\+)?(Alt\+)?(Shift\+)?(\S|[A-Z][A-Za-z0-9]+)$/).max(40)
const bindingsSchema = z.record(z.string().min(1).max(200), keysSchema.nullable())
export type Bindings = z.infer<typeof bindingsSchema>

const memoryMb = { min: 128, max: 1_048_576 }

export const settings = {
  theme: choice({ group: 'Appearance', title: 'Theme', what: 'Colours of the page, the window and its dialogs.' }, 'system', [
    { value: 'system', label: 'Like the system' },
    { value: 'light', label: 'Light' },
    { value: 'dark', label: 'Dark' }
  ]),
  contrast: choice({ group: 'Appearance', title: 'Contrast', what: 'More contrast draws lines and secondary text a step stronger.' }, 'system', [
    { value: 'system', label: 'Like the system' },
    { value: 'more', label: 'More' }
  ]),
  motion: choice({ group: 'Appearance', title: 'Movement', what: 'Without movement panels and the timeline jump to where they go.' }, 'system', [
    { value: 'system', label: 'Like the system' },
    { value: 'none', label: 'None' }
  ]),

  zone: choice({ group: 'Times', title: 'Show times in', what: 'The zone of every time that is shown. Copies and exports keep seconds since 1970 or UTC.' }, 'utc', [
    { value: 'utc', label: 'UTC' },
    { value: 'local', label: 'Local time' }
  ]),

  'keys.single': onOff({ group: 'Keyboard', title: 'Single keys', what: 'Keys such as / and F act without Ctrl or Alt; never while you type in a field.' }, true),
  'keys.bindings': {
    group: 'Keyboard',
    title: 'Keys of commands',
    what: 'Your own keys by command; what is not listed keeps its default.',
    schema: bindingsSchema,
    fallback: {},
    control: { kind: 'keys' },
    allowed: 'keys by command, such as {"filter": "Ctrl+Shift+F", "export": null}'
  } satisfies Setting<Bindings> as Setting<Bindings>,

  'open.view': choice({ group: 'Reading', title: 'View after opening', what: 'What is shown when a source has been opened.' }, 'stay', [
    { value: 'stay', label: 'The one that is open' },
    { value: 'overview', label: 'Overview' },
    { value: 'table', label: 'Table' },
    { value: 'tree', label: 'Tree' },
    { value: 'timeline', label: 'Timeline' },
    { value: 'dataflow', label: 'Dataflow' }
  ]),
  'open.follow': onOff({ group: 'Reading', title: 'Follow files', what: 'Files, folders and stores that are opened are read on as they grow.' }, false),
  'open.remember': onOff({ group: 'Reading', title: 'Remember what was opened', what: 'Sources are listed on the welcome screen. Off: none is added; those listed stay until they are removed.' }, true),
  'session.restore': onOff({ group: 'Reading', title: 'Restore the last session', what: 'What was open is opened again at the next start, with its filter and view. Queues and servers are offered, never connected to by themselves.' }, true),
  'table.cellLength': whole({ group: 'Reading', title: 'Length of cells', what: 'Longer texts and lists are cut in the table; the inspector and copies have them whole.' }, 256, { min: 16, max: 4096, unit: 'characters' }),
  'watch.notify': onOff({ group: 'Reading', title: 'Notify the desktop', what: 'Watches that ask for it may show a notification. Off: they are told in the window alone.' }, true),
  'memory.limitMb': {
    group: 'Reading',
    title: 'Memory to stay under',
    what: 'For everything that is open together, about a third of it for queries; what has no room goes to the folder for temporary files. Automatic: half of the machine’s, at most 1,500 MB.',
    schema: z.number().int().min(memoryMb.min).max(memoryMb.max).nullable(),
    fallback: null,
    control: { kind: 'number', ...memoryMb, unit: 'MB', automatic: 'up to 1,500' },
    allowed: `a whole number from ${memoryMb.min} to ${memoryMb.max} (MB), or null for what suits the machine`,
    variable: 'PROVSCOPE_MEMORY_MB',
    restart: true
  } satisfies Setting<number | null> as Setting<number | null>,
  'temp.folder': {
    group: 'Reading',
    title: 'Folder for temporary files',
    what: 'Tables and spools lie there while sources are open: as much as the sources themselves, or more.',
    schema: z.string().min(1).max(4000).nullable(),
    fallback: null,
    control: { kind: 'folder', placeholder: 'the system’s' },
    allowed: 'the path of a folder, or null for the system’s own',
    variable: 'PROVSCOPE_TEMP_DIR',
    restart: true
  } satisfies Setting<string | null> as Setting<string | null>,

  'export.secrets': choice({ group: 'Export', title: 'What looks like a secret', what: 'What the export dialog begins with, for tokens, passwords and addresses with passwords.' }, 'replace', [
    { value: 'keep', label: 'Keep' },
    { value: 'replace', label: 'Replace by a mark' },
    { value: 'leave-out', label: 'Leave out' }
  ]),
  'export.manifest': onOff({ group: 'Export', title: 'Manifest beside it', what: 'What the export dialog begins with: a second file says what was exported, from where, and what is missing.' }, true),
  'export.verify': onOff({ group: 'Export', title: 'Read back', what: 'What the export dialog begins with: the result is read again and compared before it is done.' }, true),
  'export.guardFormulas': onOff({ group: 'Export', title: 'Guard against formulas', what: 'What the export dialog begins with for CSV and TSV: cells that a spreadsheet would run get an apostrophe before them.' }, false),

  'record.lmdb': choice({ group: 'Recording', title: 'LMDB', what: 'Whether recording begins with LMDB chosen, in the dialog and in “provscope record”.' }, 'flowcept', stores),
  'record.lmdbPath': {
    group: 'Recording',
    title: 'Folder of LMDB',
    what: 'Where recorded tasks are kept.',
    schema: z.string().min(1).max(4000).nullable(),
    fallback: null,
    control: { kind: 'folder', placeholder: 'as Flowcept’s settings say' },
    allowed: 'the path of a folder, or null for that of Flowcept’s settings'
  } satisfies Setting<string | null> as Setting<string | null>,
  'record.mongodb': choice({ group: 'Recording', title: 'MongoDB', what: 'Whether recording begins with MongoDB chosen, in the dialog and in “provscope record”.' }, 'flowcept', stores),
  'record.mongodbUri': {
    group: 'Recording',
    title: 'Address of MongoDB',
    what: 'Without its password, which is asked for where it is needed.',
    schema: mongoUri.nullable(),
    fallback: null,
    control: { kind: 'text', placeholder: 'as Flowcept’s settings say' },
    allowed: 'an address such as mongodb://host:27017/flowcept, without a password, or null for that of Flowcept’s settings'
  } satisfies Setting<string | null> as Setting<string | null>
} as const

export type SettingKey = keyof typeof settings
export type SettingValues = { [K in SettingKey]: (typeof settings)[K] extends Setting<infer T> ? T : never }

export const settingKeys = Object.keys(settings) as SettingKey[]
export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settings, key)
export const settingOf = (key: SettingKey): Setting => settings[key] as Setting

/** Why a value cannot be: a sentence that says what can; null if it can. */
export function settingMistake(key: SettingKey, value: unknown): string | null {
  return settingOf(key).schema.safeParse(value).success ? null : `${key} may be ${settingOf(key).allowed}, not ${shortJson(value)}.`
}

/** Never a password: of an address its user is kept. */
function shortJson(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^:/@\s"]*):[^@\s"]*@/gi, '$1:…@')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
