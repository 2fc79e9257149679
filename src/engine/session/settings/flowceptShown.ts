/** Flowcept's settings as they hold, for people: each with its variable, and as texts that would set the same elsewhere. Passwords are in neither. */
import type { FlowceptSettingsShown } from '#contract/settings'
import type { FlowceptSettings } from '#engine/inserter/flowceptSettings'
import { type SettingKey, settingKeys } from '#engine/inserter/settingKeys'

type Shown = FlowceptSettingsShown['settings'][number]

export function flowceptShown({ files, problems, settings }: FlowceptSettings): FlowceptSettingsShown {
  const variables = new Map(settingKeys.map(({ key, variable }: SettingKey) => [key, variable]))
  const shown = settings.map((setting): Shown => ({ ...setting, over: setting.over && { ...setting.over }, variable: variables.get(setting.key) ?? null }))
  return { settings: shown, files: files.map((file) => ({ ...file })), problems: [...problems], environment: environmentOf(shown), yaml: yamlOf(shown) }
}

function environmentOf(settings: readonly Shown[]): string {
  const lines = settings.flatMap(({ key, variable, value, isSet }) => {
    if (variable === null) return isSet ? [`# ${key} is set and not copied; Flowcept reads no variable for it`] : []
    return value === null ? [] : [`export ${variable}=${quotedForShell(value)}`]
  })
  const silent = settings.filter(({ variable, value, origin }) => variable === null && value !== null && origin !== 'default').map(({ key }) => key)
  return [...(silent.length === 0 ? [] : [`# No variable sets ${silent.join(', ')}: these need a settings file`]), ...lines, ''].join('\n')
}

/** Sections as Flowcept's settings file has them. */
function yamlOf(settings: readonly Shown[]): string {
  const lines: string[] = []
  let open: string[] = []
  for (const { key, value, isSecret, isSet } of [...settings].sort((a, b) => bySection(a.key, b.key))) {
    if (value === null && !isSet) continue
    const path = key.split('.')
    const sections = path.slice(0, -1)
    const shared = sections.findIndex((section, depth) => open[depth] !== section)
    const from = shared === -1 ? sections.length : shared
    for (let depth = from; depth < sections.length; depth++) lines.push(`${'  '.repeat(depth)}${sections[depth]}:`)
    open = sections
    const indent = '  '.repeat(sections.length)
    lines.push(isSecret ? `${indent}# ${path.at(-1)}: set, not copied` : `${indent}${path.at(-1)}: ${quotedForYaml(value ?? '')}`)
  }
  return `${lines.join('\n')}\n`
}

/** Sections stay together; the values of one come before the sections within it. */
function bySection(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')]
  const leftSection = left.slice(0, -1)
  const rightSection = right.slice(0, -1)
  for (let depth = 0; depth < Math.min(leftSection.length, rightSection.length); depth++) {
    const order = sectionOrder(leftSection[depth] ?? '', rightSection[depth] ?? '')
    if (order !== 0) return order
  }
  return leftSection.length - rightSection.length
}

const order = ['mq', 'kv_db', 'databases', 'lmdb', 'mongodb', 'db_buffer', 'project', 'sys_metadata']
const sectionOrder = (a: string, b: string): number => order.indexOf(a) - order.indexOf(b)

const quotedForShell = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
/** Quoted unless it is a number, a switch or a plain word that YAML reads as itself. */
const quotedForYaml = (text: string): string => (/^(true|false|-?\d+(\.\d+)?|[A-Za-z_][\w./-]*)$/.test(text) && !/^(yes|no|on|off|null|y|n|~)$/i.test(text) ? text : JSON.stringify(text))
