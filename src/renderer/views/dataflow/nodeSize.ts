/** How much room the nodes and edge labels of the drawing need; text is measured with the page's own fonts. */
import type { GraphNode } from '#contract/graph'
import { middle, seconds } from '../../parts/format.ts'
import { nodeText, times } from '../../state/graphWords.ts'

export type Size = { width: number; height: number }
/** `width` is the room that it takes, with the duration at its side; `body` is its shape in the middle of it. */
export type NodeSize = Size & { body: number; side: number }

export const bodyHeightPx = 32
export const agentHeightPx = 38
/** The two edges of what is folded, that stand out above it. */
export const stackPx = 5
export const focusRingPx = 6
const longestText = 34
const sideGapPx = 8

const monoStyle = '440 11px "JetBrains Mono Variable", ui-monospace, monospace'
const uiStyle = '520 12px "Inter Variable", system-ui, sans-serif'
const smallStyle = '420 11px "Inter Variable", system-ui, sans-serif'

export const shownText = (node: GraphNode): string => middle(nodeText(node).replaceAll(/\s+/g, ' '), longestText)
export const isFolded = (node: GraphNode): boolean => node.count > 1
export const countText = (node: GraphNode): string => (isFolded(node) ? times(node.count) : '')
export const durationText = (node: GraphNode): string => (node.seconds === null || node.kind === 'entity' || node.kind === 'agent' ? '' : seconds(node.seconds, 2))

export function sizeOf(node: GraphNode): NodeSize {
  const height = node.kind === 'agent' ? agentHeightPx : bodyHeightPx
  const text = textWidthPx(shownText(node), node.kind === 'entity' ? monoStyle : uiStyle)
  const marks = (countText(node) === '' ? 0 : 10 + textWidthPx(countText(node), uiStyle)) + (markOf(node) === null ? 0 : 17)
  const iconPx = node.kind === 'campaign' || node.kind === 'workflow' ? 20 : 0
  const body = Math.max(node.kind === 'entity' ? 76 : 92, Math.ceil(text + marks + iconPx + (node.kind === 'entity' ? 36 : 28)))
  const duration = durationText(node)
  const side = duration === '' ? 0 : Math.ceil(textWidthPx(duration, smallStyle)) + sideGapPx
  return { width: body + 2 * side, height, body, side }
}

/** The status that is to be seen at once: a failure, or that it has not ended. */
export function markOf({ kind, statuses }: GraphNode): 'ERROR' | 'RUNNING' | 'WAITING' | 'SUBMITTED' | 'UNKNOWN' | null {
  if (kind === 'entity' || kind === 'agent') return null
  return (['ERROR', 'RUNNING', 'WAITING', 'SUBMITTED', 'UNKNOWN'] as const).find((status) => (statuses[status] ?? 0) > 0) ?? null
}

export const labelSize = (text: string, warned: boolean): Size => ({ width: Math.ceil(textWidthPx(text, smallStyle)) + (warned ? 30 : 14), height: 18 })

let canvas: CanvasRenderingContext2D | null | undefined
const widths = new Map<string, number>()

/** Where no canvas is, by the mean width of a letter. */
function textWidthPx(text: string, font: string): number {
  const key = `${font} ${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  canvas ??= typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d')
  if (canvas) canvas.font = font
  const width = canvas ? canvas.measureText(text).width : text.length * 6.7
  if (widths.size > 20_000) widths.clear()
  widths.set(key, width)
  return width
}
