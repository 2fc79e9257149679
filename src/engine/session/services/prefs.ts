/**
 * Settings, in one validated file that people may edit (`preferences.json`), and what the page remembers of its own accord (columns,
 * sizes, folds), in another (`state.json`). Values by key; a key of the registry is a setting, every other one is remembered state.
 */
import { join } from 'node:path'
import { isSettingKey, type SettingKey, settingKeys, settingMistake, settingOf, type SettingValues } from '#contract/settingList'
import type { SettingState } from '#contract/settings'
import { Refusal } from '#contract/reply'
import { fileStamp } from './fileStamp.ts'
import { JsonFile, type SettingsNote } from './jsonFile.ts'
import { settingFrom } from './settingFrom.ts'

const maxBytes = 1_000_000
const lookEveryMs = 1500
/** What earlier versions kept in the file of the settings without its being one. */
const onceRemembered = /^(agents\.as|tree\.(sort|fold)|inspector\.(folds|width)|navigator\.width|problems\.height|attach\.loginHost|timeline\.options|telemetry\.(options|rules)|watches|table\.(tasks|workflows|agents|objects|messages)\..*)$/s

export type PrefsOptions = {
  folder: string
  onNote: (note: SettingsNote) => void
  /** All that is wrong with the settings as they stand. */
  onStanding?: (notes: readonly SettingsNote[]) => void
  /** Settings may have changed: by a call, by another process, by hand. */
  onSettings?: () => void
  env?: Readonly<Record<string, string | undefined>>
}
export type SettingsListed = { path: string; problem: string | null; settings: SettingState[]; unknown: string[] }

export class Prefs {
  readonly path: string
  readonly #settings: JsonFile<PrefMap>
  readonly #state: JsonFile<PrefMap>
  readonly #options: PrefsOptions
  readonly #stamp: () => Promise<string>
  #unreadable: string | null = null
  #parted: Promise<void> | null = null
  #told = ''
  /** What was in force when this began, for settings that wait for a restart. */
  #begun: ReadonlyMap<SettingKey, unknown> | null = null
  #known: ReadonlyMap<SettingKey, unknown> = new Map()
  #looking: ReturnType<typeof setInterval> | null = null

  constructor(options: PrefsOptions) {
    const { folder, onNote } = options
    this.#options = options
    this.path = join(folder, 'preferences.json')
    this.#stamp = () => fileStamp(this.path)
    this.#settings = new JsonFile({ path: this.path, parse: parsePrefs, empty: () => new PrefMap(), onNote, onUnreadable: (why) => (this.#unreadable = why) })
    this.#state = new JsonFile({ path: join(folder, 'state.json'), parse: parsePrefs, empty: () => new PrefMap(), onNote })
  }

  /** Null for a key that was never set. */
  async get(key: string): Promise<unknown> {
    if (isSettingKey(key)) return this.setting(key)
    await this.#part()
    return (await this.#state.read()).get(key) ?? null
  }

  /** Null or undefined forgets the key. @throws Refusal for a setting that cannot be, or folders named by a page */
  async set(key: string, value: unknown): Promise<void> {
    if (isSettingKey(key)) return value === null || value === undefined ? this.reset(key) : this.setSetting(key, value)
    await this.#part()
    await this.#state.update((prefs) => changed(prefs, key, value))
  }

  async setting<K extends SettingKey>(key: K): Promise<SettingValues[K]> {
    const found = (await this.list()).settings.find((one) => one.key === key)
    return (found?.value ?? settingOf(key).fallback) as SettingValues[K]
  }

  /** As it was known last, for who cannot wait: at most a moment behind what others write. */
  known<K extends SettingKey>(key: K): SettingValues[K] {
    return (this.#known.has(key) ? this.#known.get(key) : settingOf(key).fallback) as SettingValues[K]
  }

  /** Every setting with its value and where that comes from. */
  async list(): Promise<SettingsListed> {
    await this.#part()
    const map = await this.#settings.read()
    const states = settingKeys.map((key) => settingFrom(key, map, { path: this.path, env: this.#options.env ?? process.env }))
    this.#known = new Map(states.map(({ key, value }) => [key, value]))
    this.#begun ??= this.#known
    const begun = this.#begun
    const unknown = [...map.keys()].filter((key) => !isSettingKey(key) && !onceRemembered.test(key))
    const listed = { path: this.path, problem: this.#unreadable, settings: states.map((state) => ({ ...state, waits: settingOf(state.key).restart === true && JSON.stringify(begun.get(state.key)) !== JSON.stringify(state.value) })), unknown }
    this.#options.onStanding?.(notesOf(listed))
    return listed
  }

  async setSetting(key: SettingKey, value: unknown): Promise<void> {
    const mistake = settingMistake(key, value)
    if (mistake !== null) throw new Refusal('bad-request', mistake)
    await this.#part()
    await this.#settings.update((prefs) => changed(prefs, key, value, true))
    await this.#tell()
  }

  /** One, or all of them: the file says nothing of it any more. What is no setting stays. */
  async reset(key: SettingKey | null): Promise<void> {
    await this.#part()
    await this.#settings.update((prefs) => new PrefMap([...prefs].filter(([name]) => (key === null ? !isSettingKey(name) : name !== key))))
    await this.#tell()
  }

  /** Notices what others write to the file: by hand, or another Provscope. */
  follow(): void {
    this.#looking ??= setInterval(() => void this.#look(), lookEveryMs).unref()
  }

  close(): void {
    if (this.#looking) clearInterval(this.#looking)
    this.#looking = null
  }

  async #look(): Promise<void> {
    if ((await this.#stamp()) !== this.#told) await this.#tell()
  }

  async #tell(): Promise<void> {
    this.#told = await this.#stamp()
    await this.list()
    this.#options.onSettings?.()
  }

  /** Once settings and what is remembered lay in one file: what is remembered moves, first there, then away from here. */
  #part(): Promise<void> {
    this.#parted ??= this.#partOnce()
    return this.#parted
  }

  async #partOnce(): Promise<void> {
    const strays = [...(await this.#settings.read())].filter(([key]) => onceRemembered.test(key))
    this.#told = await this.#stamp()
    if (strays.length === 0) return
    await this.#state.update((known) => new PrefMap([...strays, ...known]))
    await this.#settings.update((prefs) => new PrefMap([...prefs].filter(([key]) => !onceRemembered.test(key))))
    this.#told = await this.#stamp()
  }
}

function changed(prefs: PrefMap, key: string, value: unknown, keepsNull = false): PrefMap {
  const next = new PrefMap(prefs)
  if (value === undefined || (value === null && !keepsNull)) next.delete(key)
  else next.set(key, value)
  if (Buffer.byteLength(JSON.stringify(next)) > maxBytes) throw new Refusal('bad-request', 'Preferences may hold at most 1 MB.')
  return next
}

function notesOf({ path, problem, settings, unknown }: SettingsListed): SettingsNote[] {
  const file = 'preferences.json'
  const whole = problem === null ? [] : [{ file, message: `${path} cannot be understood: ${problem}`, did: 'What was known before holds; the file is left as it is, and put aside as preferences.json.bad when a setting is changed here' }]
  const values = settings.flatMap((state) => (state.problem === null ? [] : [{ file, message: state.problem, did: state.origin === 'default' ? 'The default holds; the file is left as it is' : 'What is weaker holds; nothing was changed' }]))
  const strangers = unknown.map((key) => ({ file, message: `There is no setting ${JSON.stringify(key).slice(0, 80)}.`, did: 'It is left in the file and means nothing' }))
  return [...whole, ...values, ...strangers]
}

/** A map, so that no key (`__proto__`) means anything else; an object on disk, so that people can read it. */
class PrefMap extends Map<string, unknown> {
  toJSON(): unknown {
    return Object.fromEntries(this)
  }
}

function parsePrefs(json: unknown): PrefMap | null {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? new PrefMap(Object.entries(json)) : null
}
