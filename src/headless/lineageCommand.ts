/** `provscope lineage`: what a task came from and what was made of it, each link with its evidence. Nothing is cut: all of it is printed. */
import type { Result } from '#contract/methods'
import type { Cell } from '#contract/values'
import { cellAsJson, cellForPeople } from './cellText.ts'
import { secondsText } from './secondsText.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { printable } from './terminalText.ts'
import type { LineageFlags } from './viewCommandLine.ts'

type Answer = Result<'lineage.page'>
type Node = Answer['page']['nodes'][number]
type Edge = Answer['page']['edges'][number]
type Asked = { session: Session; flags: LineageFlags; output: Output; note: (text: string) => void }

const atOnce = 10_000
/** Deeper levels are indented no further, but numbered. */
const deepest = 24

export async function lineageCommand(session: Session, flags: LineageFlags, { note, output }: { output: Output; note: (text: string) => void }): Promise<void> {
  const asked = { session, flags, output, note }
  await (flags.json === true ? writeJson(asked) : writeText(asked))
}

async function* pages({ flags, session: { ask, source } }: Asked): AsyncGenerator<Answer> {
  for (let offset = 0; ; offset += atOnce) {
    const answer = await ask('lineage.page', { sourceId: source.sourceId, taskId: flags.task, direction: flags.direction, inferred: flags.capturedOnly !== true, offset, limit: atOnce })
    yield answer
    if (offset + atOnce >= Math.max(answer.nodes, answer.edges)) return
  }
}

/** Nodes first, then edges: each goes through its pages, so that memory holds one of them at a time. */
async function writeJson(asked: Asked): Promise<void> {
  const { flags, note, output } = asked
  let isFirst = true
  let lost = 0
  let last: Answer | null = null
  const write = async (items: readonly string[]): Promise<void> => {
    if (items.length === 0) return
    await output.write(`${isFirst ? '' : ','}\n    ${items.join(',\n    ')}`)
    isFirst = false
  }
  for await (const answer of pages(asked)) {
    if (last === null) await output.write(`{\n  "task": ${JSON.stringify(flags.task)},\n  "direction": ${JSON.stringify(flags.direction)},\n  "nodes": [`)
    await write(answer.page.nodes.map((node) => JSON.stringify(node)))
    last = answer
  }
  await output.write('\n  ],\n  "edges": [')
  isFirst = true
  for await (const answer of pages(asked)) await write(answer.page.edges.map((edge) => edgeJson(edge, () => lost++)))
  await output.write(`\n  ],\n  "ambiguous": ${last?.ambiguous ?? 0},\n  "missing": ${JSON.stringify(last?.missing ?? [])}\n}\n`)
  if (lost > 0) note(`${lost} values were NaN or infinite, which JSON does not have: they are null`)
}

/** Of a value too long to be shown its head and, as `value_length`, how long it is. */
function edgeJson({ early_seconds, from, kind, producers, relation, to, value, via }: Edge, onLost: () => void): string {
  const head = JSON.stringify({ from, to, kind, relation, via }).slice(0, -1)
  const cut = cutLength(value)
  const shown = cut !== null && typeof value === 'object' && value !== null && 'json' in value ? JSON.stringify(value.json) : cellAsJson(value, onLost)
  return `${head},"value":${shown}${cut === null ? '' : `,"value_length":${cut}`},"producers":${producers},"early_seconds":${early_seconds}}`
}

function cutLength(value: Cell): number | null {
  return value !== null && typeof value === 'object' && 'length' in value && value.length !== undefined ? value.length : null
}

async function writeText(asked: Asked): Promise<void> {
  const { flags, output } = asked
  const nodes = new Map<string, Node>()
  const [into, outOf] = [new Map<string, Edge[]>(), new Map<string, Edge[]>()]
  let last: Answer | null = null
  for await (const answer of pages(asked)) {
    for (const node of answer.page.nodes) nodes.set(node.task_id, node)
    for (const edge of answer.page.edges) {
      listIn(into, edge.to).push(edge)
      listIn(outOf, edge.from).push(edge)
    }
    last = answer
  }
  if (last === null) return
  const self = nodes.get(flags.task)
  await output.write(`${self ? nodeText(self) : printable(flags.task)}\n`)
  const sections = [
    { way: 'up', title: 'Upstream', edges: into, other: 'from' },
    { way: 'down', title: 'Downstream', edges: outOf, other: 'to' }
  ] as const
  for (const { edges, other, title, way } of sections) {
    if (flags.direction !== way && flags.direction !== 'both') continue
    const found = [...nodes.values()].filter((node) => node.direction === way || node.direction === 'both').length
    await output.write(`\n${title}: ${count(found, 'task')}\n`)
    for (const line of branches(flags.task, { nodes, edges, other })) await output.write(`${line}\n`)
  }
  await output.write(`\n${closing(last, [...into.values()].flat())}\n`)
}

type Around = { readonly nodes: ReadonlyMap<string, Node>; readonly edges: ReadonlyMap<string, readonly Edge[]>; readonly other: 'from' | 'to' }

/** Each task once, where a way first comes to it; what hangs on it is not repeated. */
function* branches(task: string, { edges, nodes, other }: Around): Generator<string> {
  const seen = new Set([task])
  const waiting: { id: string; ties: Edge[]; depth: number }[] = []
  const push = (from: string, depth: number): void => {
    const ties = new Map<string, Edge[]>()
    for (const edge of edges.get(from) ?? []) listIn(ties, edge[other]).push(edge)
    for (const [id, own] of [...ties].toReversed()) waiting.push({ id, ties: own, depth })
  }
  push(task, 1)
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { depth, id, ties } = next
    const indent = `${'  '.repeat(Math.min(depth, deepest))}${depth > deepest ? `[${depth}] ` : ''}`
    const node = nodes.get(id)
    const isKnown = seen.has(id)
    yield `${indent}${node ? nodeText(node) : printable(id)}${id === task ? ' (the task itself)' : isKnown ? ' (above)' : ''}`
    for (const tie of ties) yield `${indent}    ${edgeText(tie)}`
    if (isKnown) continue
    seen.add(id)
    push(id, depth + 1)
  }
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

function nodeText({ activity_id, ended_at, started_at, status, task_id }: Node): string {
  const seconds = started_at === null || ended_at === null ? [] : [secondsText(ended_at - started_at)]
  return [printable(activity_id ?? 'no activity'), printable(task_id), ...(status === null ? [] : [printable(status)]), ...seconds].join('  ')
}

function edgeText({ early_seconds, kind, producers, value, via }: Edge): string {
  if (kind === 'captured') return `captured: ${printable(via)}`
  const early = early_seconds === null ? '' : `; used ${secondsText(early_seconds)} before its producer ended`
  return `inferred: ${printable(via)}, ${valueText(value)}, ${count(producers ?? 0, 'producer')}${early}`
}

function valueText(value: Cell): string {
  const length = cutLength(value)
  return `${cellForPeople(value, 'mixed')}${length === null ? '' : `… (${length.toLocaleString('en')} characters)`}`
}

function closing({ ambiguous, missing, nodes }: Answer, edges: readonly Edge[]): string {
  const inferred = edges.filter(({ kind }) => kind === 'inferred').length
  const lines = [`${count(nodes, 'task')}, ${(edges.length - inferred).toLocaleString('en')} captured and ${inferred.toLocaleString('en')} inferred links`]
  if (ambiguous > 0) lines.push(`${count(ambiguous, 'value')} that too many tasks generated tie nothing`)
  if (missing.length > 0) lines.push(`named but not here: ${missing.map(printable).join(', ')}`)
  return lines.join('\n')
}

function count(number: number, name: string): string {
  return `${number.toLocaleString('en')} ${name}${number === 1 ? '' : 's'}`
}
