/** The tree of a run for a report: campaigns and workflows, and the tasks in them folded by activity. */
import type { RunTreeNode } from '#contract/tree'
import type { Scope } from '#contract/values'
import { runTreeChildren } from '../../runtree/treeAnswers.ts'
import type { SourceTable } from '../../table/sourceTable.ts'
import { html, type Html } from '../html.ts'
import { counted, named, number, secondsText, statusTag } from './reportText.ts'

export type ReportTree = { readonly nodes: readonly Branch[]; readonly total: number }
type Branch = { readonly node: RunTreeNode; readonly children: ReportTree | null }

const [mostSiblings, mostNodes, mostDepth] = [40, 400, 5]

export async function reportTree(table: SourceTable, asked: { sourceId: string; scope: Scope }, signal: AbortSignal): Promise<ReportTree> {
  let left = mostNodes
  const below = async (parent: string | null, depth: number): Promise<ReportTree> => {
    const { nodes, total } = await runTreeChildren(table, { ...asked, parent, fold: true, sort: 'start', offset: 0, limit: mostSiblings }, signal)
    const taken = nodes.slice(0, Math.max(0, left))
    left -= taken.length
    const branches: Branch[] = []
    for (const node of taken) branches.push({ node, children: node.hasChildren && node.kind !== 'fold' && depth < mostDepth && left > 0 ? await below(node.key, depth + 1) : null })
    return { nodes: branches, total }
  }
  return await below(null, 1)
}

export function treeHtml({ nodes, total }: ReportTree, depth = 0): Html {
  const left = total - nodes.length
  return html`<ul class="${depth === 0 ? 'tree' : ''}">${nodes.map((branch) => branchHtml(branch, depth))}${left > 0 ? html`<li class="leaf sub">${counted(left, 'more', 'more')}</li>` : null}</ul>`
}

function branchHtml({ children, node }: Branch, depth: number): Html {
  const head = html`${nameOf(node)}<span class="count">${figuresOf(node)}</span>${node.oddity === null ? null : html` <span class="err">${node.oddity.detail}</span>`}`
  if (children === null) return html`<li class="leaf">${head}</li>`
  return html`<li><details${depth < 2 ? html` open` : null}><summary>${head}</summary>${treeHtml(children, depth + 1)}</details></li>`
}

function nameOf({ kind, name, status }: RunTreeNode): Html {
  if (kind === 'task') return html`${named(name)} ${statusTag(status)}`
  return kind === 'fold' ? html`${named(name)}` : html`<strong>${named(name)}</strong>`
}

function figuresOf({ count, kind, seconds, statuses, tasks }: RunTreeNode): string {
  const errors = statuses['ERROR'] ?? 0
  return [
    ...(kind === 'fold' ? [`×${number(count)}`, `median ${secondsText(seconds)}`] : kind === 'task' ? [secondsText(seconds)] : [counted(tasks, 'task'), secondsText(seconds)]),
    ...(errors > 0 && kind !== 'task' ? [counted(errors, 'error')] : [])
  ].join(' · ')
}
