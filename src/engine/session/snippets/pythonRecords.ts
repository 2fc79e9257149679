/** Python that reads the records of a view from where they lie, leaves those that it leaves, and puts them in its order: what pandas and Flowcept begin with. */
import { telemetryDifferences } from '#engine/records/telemetrySummary'
import { pandasMask, pythonCondition } from './pythonFilter.ts'
import { mergePart } from './pythonMerge.ts'
import { type PythonPart, pythonParts } from './pythonParts.ts'
import { pythonList, pythonText, quoted } from './pythonText.ts'
import { oneLine } from './shellText.ts'
import { columnsRead, pathsOf, singularOf, type SnippetView, Unsayable } from './snippetView.ts'

/** How messages or stored records are got: statements that define `messages`, or, of a store, `records`. */
export type PythonReading = { readonly imports: readonly string[]; readonly parts: readonly PythonPart[]; readonly text: string; readonly notes: readonly string[] }

/** A whole script whose result is the DataFrame `df`. */
export function dataFrameScript(view: SnippetView, reading: PythonReading): { code: string; notes: string[] } {
  const { columns, node, records, sort, words } = view
  const parts = new Set<PythonPart>(reading.parts)
  const use = (some: readonly PythonPart[]): void => some.forEach((part) => parts.add(part))
  const name = records
  const one = records === 'messages' ? 'message' : singularOf[records]
  const steps = [...recordsOf(view, use)]
  if (words.length > 0) {
    use(['contains'])
    const asJson = view.table.columns(records).filter(({ derived, storage }) => !derived && storage === 'JSON').map((column) => column.name)
    steps.push(oneLine(`# the search: ${words.join(' ')}`))
    steps.push(`as_json = ${asJson.length === 0 ? 'set()' : `set(${pythonList(asJson)})`}`)
    steps.push(`${name} = [${one} for ${one} in ${name} if all(contains(${one}, word, as_json) for word in ${pythonList(words)})]`)
  }
  steps.push(...derivations(view, name, one, use))
  const isEmptyFilter = node.op === 'and' && node.nodes.length === 0
  const isExact = columnsRead(view).some((column) => view.facts(column.name).wide)
  const mask = isEmptyFilter || isExact ? null : pandasMask(node, view)
  if (!isEmptyFilter && mask === null) {
    const condition = pythonCondition(node, one)
    use(condition.parts)
    steps.push(`${name} = [${one} for ${one} in ${name} if ${withoutParentheses(condition.text)}]`)
  }
  const sortsAlone = sort.every(({ column }) => !view.facts(column).nan && view.table.column(records, column)?.storage !== 'JSON') && !isExact
  if (!sortsAlone) {
    use(['in_order'])
    for (const { column, descending } of sort.toReversed()) steps.push(`${name} = in_order(${name}, ${quoted(column)}${descending ? ', descending=True' : ''})`)
  }
  steps.push(`columns = ${pythonList(columns)}`, '')
  if (isExact) {
    use(['flat'])
    steps.push('# dtype=object keeps the digits of integers beyond 2**53', `df = pd.DataFrame([flat(${one}) for ${one} in ${name}], columns=columns, dtype=object)`)
  } else {
    steps.push(`df = pd.json_normalize(${name}, sep=".")`)
    if (mask !== null) steps.push(`df = df[${withoutParentheses(mask)}]`)
    if (sortsAlone && sort.length > 0) steps.push(sorting(sort))
    steps.push('df = df.reindex(columns=columns).reset_index(drop=True)')
  }
  const defined = pythonParts(parts, records === 'messages' ? '' : mergePart(records))
  const modules = [...new Set([...reading.imports.filter((line) => !line.startsWith('from ')), ...defined.modules.map((module) => `import ${module}`)])].sort()
  const code = [...modules, '', ...reading.imports.filter((line) => line.startsWith('from ')), 'import pandas as pd', ...(defined.text === '' ? [] : ['', defined.text.trimEnd(), '']), '', ...reading.text.trim().split('\n'), ...steps, 'df', ''].join('\n')
  return { code, notes: [...reading.notes, ...notesOf(view, isExact)] }
}

/** Statements that make `tasks` (or whichever) of `messages`. */
function* recordsOf(view: SnippetView, use: (parts: readonly PythonPart[]) => void): Generator<string> {
  const { at, merges, records, source, untyped } = view
  if (at !== null && source.kind === 'files') {
    use(['known'])
    yield `messages = [message for file in files for message in known(read(file), ${pythonText(at)})]  # as it was known then`
  } else if (at !== null) throw new Unsayable('A store has no moments: go back to the present to copy the code.')
  if (records === 'messages') return
  const kind = singularOf[records]
  if (merges) {
    use(['merge'])
    yield `${records} = merge(messages)`
    return
  }
  if (untyped) use(['kind_of'])
  const isOne = untyped ? `kind_of(message) == "${kind}"` : `message.get("type") == "${kind}"`
  // A task's own type says no more, and is no field of it.
  const tellsType = records === 'tasks' && (view.words.length > 0 || pathsOf(view.node).some((path) => path.split('.')[0] === 'type'))
  yield `${records} = [${tellsType ? '{name: value for name, value in message.items() if name != "type"}' : 'message'} for message in messages if ${isOne}]`
  if (view.flags) yield* ['for task in tasks:  # running, finished, …', '    if task.get("status"):', '        task[task["status"].lower()] = True']
}

/** Columns that no record holds, as far as the view reads them. */
function derivations(view: SnippetView, name: string, one: string, use: (parts: readonly PythonPart[]) => void): string[] {
  const derived = columnsRead(view).filter((column) => column.derived)
  const calls = derived.flatMap((column) => {
    const { pairs, which } = differenceOf(column.name)
    return pairs.length === 0 ? [] : [`    derive(${one}, ${quoted(column.name)}, [${pairs.map(([from, to]) => `(${quoted(from)}, ${quoted(to)})`).join(', ')}]${which === 0 ? '' : `, ${which}`})`]
  })
  if (calls.length === 0) return []
  use(['derive'])
  return [`for ${one} in ${name}:`, ...calls]
}

/** What a derived column is the difference of: pairs of start and end which all have to be there, and which of them it is. */
export function differenceOf(name: string): { pairs: (readonly [string, string])[]; which: number } {
  if (name === 'duration' || name === 'telemetry_summary.duration_sec') return { pairs: [['started_at', 'ended_at']], which: 0 }
  const [, section = '', key = ''] = name.split('.')
  const differences = Object.entries(telemetryDifferences).find(([one]) => one === section)?.[1] ?? []
  const which = differences.findIndex(([one]) => one === key)
  if (which < 0) throw new Unsayable(`${name} is computed by Provscope; leave it out of the columns, the filter and the order.`)
  return { pairs: differences.map(([, path]) => [`telemetry_at_start.${section}.${path.join('.')}`, `telemetry_at_end.${section}.${path.join('.')}`] as const), which }
}

function sorting(sort: SnippetView['sort']): string {
  const [first] = sort
  if (first && sort.length === 1) return `df = df.sort_values(${quoted(first.column)}, ascending=${pythonText(!first.descending)}, kind="stable")`
  return `df = df.sort_values(${pythonList(sort.map(({ column }) => column))}, ascending=${pythonList(sort.map(({ descending }) => !descending))}, kind="stable")`
}

function notesOf(view: SnippetView, isExact: boolean): string[] {
  const notes: string[] = []
  if (view.nameless) notes.push('Records that came without an id have one made up, which is another one in Provscope.')
  const shown = view.columns.map((name) => ({ column: view.table.column(view.records, name), facts: view.facts(name) }))
  if (shown.some(({ facts }) => facts.nan)) notes.push('pandas shows NaN, null and missing values alike; filter and order tell them apart.')
  if (!isExact && shown.some(({ column, facts }) => column?.storage === 'BIGINT' && facts.nulls)) notes.push('pandas makes floats of integers in columns with gaps; their values are exact.')
  return notes
}

function withoutParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"') quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0 && at < text.length - 1) return text
  }
  return text.slice(1, -1)
}
