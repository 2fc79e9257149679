/** Which edges have words beside them: all evidence that was inferred, and values that were read too early, while there is room to read it. */
import type { GraphEdge } from '#contract/graph'
import { seconds } from '../../parts/format.ts'
import type { GraphIndex, IndexedEdge } from '../../state/graphIndex.ts'
import { earlyText, evidenceText, provWord, times } from '../../state/graphWords.ts'

export type EdgeLabel = { text: string; early: boolean }

/** With more edges only warnings keep their words; the others say theirs when they are chosen. */
const mostLabelled = 140

export function edgeLabels({ edges }: GraphIndex): Map<string, EdgeLabel> {
  const isRoomy = edges.size <= mostLabelled
  const labels = new Map<string, EdgeLabel>()
  for (const edge of edges.values()) {
    const label = labelOf(edge)
    if (label && (isRoomy || label.early)) labels.set(edge.id, label)
  }
  return labels
}

/** Room for the words of PROV before them. */
export const withRelation = (edge: GraphEdge, text: string): string => [provWord(edge), text].filter(Boolean).join(' · ')

/** Of an edge that is chosen, whatever the others say. */
export const fullLabel = (edge: IndexedEdge): EdgeLabel => labelOf(edge) ?? { text: edge.via, early: false }

export const earlyWords = (edge: GraphEdge): string | null => (edge.earlySeconds === null ? null : seconds(edge.earlySeconds, 2))

function labelOf(edge: IndexedEdge): EdgeLabel | null {
  const early = earlyWords(edge)
  if (early !== null) return { text: earlyText(early), early: true }
  if (edge.evidence === 'inferred') return { text: evidenceText(edge), early: false }
  return edge.count > 1 ? { text: times(edge.count), early: false } : null
}
