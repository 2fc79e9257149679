/** `provscope tree`: campaigns, workflows, tasks and child tasks, as lines of a tree or as nested JSON; written as it is read. */
import type { RunTreeNode } from '#contract/tree'
import type { Scope } from '#contract/values'
import { secondsText } from './secondsText.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { readSelection } from './selection.ts'
import { printable } from './terminalText.ts'
import type { TreeFlags } from './viewCommandLine.ts'

const nodesAtOnce = 500

type Asked = { session: Session; scope: Scope; fold: boolean; depth: number; output: Output }
/** Nodes of one level, how many of them have been taken, and what stands before each line. */
type Level = { parent: string | null; nodes: RunTreeNode[]; taken: number; offset: number; total: number; indent: string }

export async function treeCommand(session: Session, { depth = Infinity, filter, fold, json, search }: TreeFlags, { output }: { output: Output; note: (text: string) => void }): Promise<void> {
  const { scope } = readSelection({ ...(filter === undefined ? {} : { filter }), ...(search === undefined ? {} : { search }) })
  const asked = { session, scope, fold, depth, output }
  if (json === true) await writeJson(asked)
  else await writeText(asked)
}

/** Each node with its depth, whether it is the last of its siblings, and what stands before it; without recursion, since trees are as deep as records say. */
async function* walk(asked: Asked): AsyncGenerator<{ node: RunTreeNode; depth: number; isLast: boolean; indent: string; opens: boolean }> {
  const levels: Level[] = [await levelBelow(asked, null, '')]
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const node = await nextOf(asked, level)
    if (node === null || asked.output.closed.aborted) {
      levels.pop()
      continue
    }
    const depth = levels.length
    const isLast = level.taken === level.total
    const opens = node.hasChildren && depth < asked.depth
    yield { node, depth, isLast, indent: level.indent, opens }
    if (opens) levels.push(await levelBelow(asked, node.key, depth === 1 ? '' : `${level.indent}${isLast ? '   ' : '│  '}`))
  }
}

async function levelBelow(asked: Asked, parent: string | null, indent: string): Promise<Level> {
  const { nodes, total } = await page(asked, parent, 0)
  return { parent, nodes, taken: 0, offset: 0, total, indent }
}

async function nextOf(asked: Asked, level: Level): Promise<RunTreeNode | null> {
  if (level.taken >= level.total) return null
  if (level.taken - level.offset === level.nodes.length) {
    level.offset = level.taken
    level.nodes = (await page(asked, level.parent, level.offset)).nodes
  }
  const node = level.nodes[level.taken - level.offset] ?? null
  level.taken++
  return node
}

function page({ session: { ask, source }, scope, fold }: Asked, parent: string | null, offset: number): Promise<{ nodes: RunTreeNode[]; total: number }> {
  return ask('runtree.children', { sourceId: source.sourceId, scope, parent, fold, offset, limit: nodesAtOnce })
}

async function writeText(asked: Asked): Promise<void> {
  let lines: string[] = []
  let isEmpty = true
  for await (const { node, depth, indent, isLast } of walk(asked)) {
    lines.push(`${depth === 1 ? '' : `${indent}${isLast ? '└─ ' : '├─ '}`}${nodeText(node)}\n`)
    isEmpty = false
    if (lines.length < nodesAtOnce) continue
    await asked.output.write(lines.join(''))
    lines = []
  }
  await asked.output.write(isEmpty ? 'No tasks.\n' : lines.join(''))
}

/** `etl  workflow  1,204 tasks: 1,200 FINISHED, 4 ERROR  12.300 s`, `load ×12  …`, `fit t7  FINISHED  0.123 s`. */
function nodeText(node: RunTreeNode): string {
  const { count, id, kind, name, oddity, seconds, status, statuses, tasks } = node
  const length = seconds === null ? [] : [`${secondsText(seconds)}${kind === 'fold' ? ' each' : ''}`]
  const odd = oddity ? [`! ${printable(oddity.detail)}`] : []
  const counts = Object.entries(statuses).toSorted(([one, a], [other, b]) => b - a || (one < other ? -1 : 1)).map(([own, number]) => `${number.toLocaleString('en')} ${printable(own)}`)
  const below = `${tasks.toLocaleString('en')} ${tasks === 1 ? 'task' : 'tasks'}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`
  const own = id === null || id === name ? printable(name) : `${printable(name)} ${printable(id)}`
  if (kind === 'fold') return [`${printable(name)} ×${count.toLocaleString('en')}`, below, ...length].join('  ')
  if (kind === 'task') return [own, ...(tasks > 1 ? [below] : [printable(status ?? 'UNKNOWN')]), ...length, ...odd].join('  ')
  return [own, kind, below, ...length, ...odd].join('  ')
}

async function writeJson(asked: Asked): Promise<void> {
  let text = '['
  /** Depths whose lists are open. */
  let open = 1
  let first = true
  for await (const { node, depth, opens } of walk(asked)) {
    text += `${closing(open, depth)}${first ? '' : ','}\n${'  '.repeat(depth)}${nodeJson(node, opens)}`
    open = opens ? depth + 1 : depth
    first = opens
    if (text.length < 65_536) continue
    await asked.output.write(text)
    text = ''
  }
  await asked.output.write(`${text}${closing(open, 1)}${open === 1 && text === '[' ? ']' : '\n]'}\n`)
}

/** The ends of lists down to a depth. */
const closing = (open: number, depth: number): string => ']}'.repeat(Math.max(0, open - depth))

function nodeJson({ count, end, id, kind, name, oddity, seconds, start, status, statuses, tasks }: RunTreeNode, opens: boolean): string {
  const node = { kind, name, id, tasks, statuses, ...(kind === 'task' ? { status } : {}), ...(kind === 'fold' ? { count } : {}), started_at: start, ended_at: end, seconds, ...(oddity ? { oddity } : {}) }
  return opens ? `${JSON.stringify(node).slice(0, -1)},"children":[` : JSON.stringify({ ...node, children: [] })
}
