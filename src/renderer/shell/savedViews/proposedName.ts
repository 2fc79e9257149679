/** A name for a view that says what it narrows to. */
import type { ViewContent } from '#contract/viewFile'
import { phraseOf } from '../../state/filterWords.ts'

const longest = 60

export function proposedName({ chips, node, records, search, table }: ViewContent): string {
  const parts = [...(node ? [node.name] : []), ...chips.filter(({ on }) => on).map(({ filter }) => phraseOf(filter)), ...(search === '' ? [] : [`“${search}”`])]
  const [sort] = table?.sort ?? []
  const name = parts.length > 0 ? parts.join(', ') : sort ? `${title(records)} by ${sort.column}` : `All ${records}`
  return name.length > longest ? `${name.slice(0, longest - 1)}…` : name
}

const title = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
