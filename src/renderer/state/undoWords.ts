/** What a change of filter or layout was, in words, as it follows “Undo:”. */
import type { Records } from '#contract/values'
import { phraseOf } from './filterWords.ts'
import type { Chip, ScopeState } from './scope.ts'
import type { TableLayout } from './tableLayout.ts'

export type Arranged = { sourceId: string; records: Records; scope: ScopeState; layout: TableLayout }
export type ChangeWords = { words: string; kind: string }

/** Null if nothing changed that a person would call a change. */
export function changeWords(before: Arranged, after: Arranged): ChangeWords | null {
  if (before.records !== after.records) return { words: `showed ${after.records}`, kind: 'records' }
  const parts = [...scopeChange(before.scope, after.scope), ...layoutChange(before.layout, after.layout)]
  const [first] = parts
  if (!first) return null
  const cleared = parts.length > 1 && isEmpty(after.scope) && !isEmpty(before.scope)
  return cleared ? { words: 'cleared the filter', kind: 'clear' } : { words: parts.map(({ words }) => words).join(', '), kind: first.kind }
}

const isEmpty = ({ node, chips, search, range }: ScopeState): boolean => node === null && chips.length === 0 && search === '' && range === null

function scopeChange(before: ScopeState, after: ScopeState): ChangeWords[] {
  const changes = chipChanges(before.chips, after.chips)
  if (JSON.stringify(before.node) !== JSON.stringify(after.node)) changes.push({ words: after.node ? `chose ${after.node.kind} ${after.node.name}` : `left ${before.node?.kind ?? ''} ${before.node?.name ?? ''}`, kind: 'node' })
  if (before.search !== after.search) changes.push({ words: after.search === '' ? `no longer searched for “${shortened(before.search)}”` : `searched for “${shortened(after.search)}”`, kind: 'search' })
  if (before.range?.from !== after.range?.from || before.range?.to !== after.range?.to) changes.push({ words: after.range ? 'chose a stretch of time' : 'removed the stretch of time', kind: 'range' })
  return changes
}

function chipChanges(before: readonly Chip[], after: readonly Chip[]): ChangeWords[] {
  const text = ({ filter, on }: Chip): string => `${on} ${JSON.stringify(filter)}`
  const [old, now] = [new Map(before.map((chip) => [chip.key, chip])), new Map(after.map((chip) => [chip.key, chip]))]
  const removed = before.filter(({ key }) => !now.has(key))
  const added = after.filter(({ key }) => !old.has(key))
  const changed = after.filter((chip) => old.has(chip.key) && text(old.get(chip.key) as Chip) !== text(chip))
  // The same conditions under other keys: an address or a view set them anew.
  if (changed.length === 0 && JSON.stringify(before.map(text)) === JSON.stringify(after.map(text))) return []
  return [
    ...removed.map((chip) => ({ words: `removed ${phrase(chip)}`, kind: 'chip' })),
    ...added.map((chip) => ({ words: `added ${phrase(chip)}`, kind: `chip ${chip.key}` })),
    ...changed.map((chip) => {
      const was = old.get(chip.key) as Chip
      const turned = was.on !== chip.on
      return { words: turned ? `turned ${chip.on ? 'on' : 'off'} ${phrase(chip)}` : `changed ${phrase(was)} to ${phrase(chip)}`, kind: `${turned ? 'turn' : 'change'} ${chip.key}` }
    })
  ]
}

function layoutChange(before: TableLayout, after: TableLayout): ChangeWords[] {
  if (before === after) return []
  const differs = (part: keyof TableLayout): boolean => JSON.stringify(before[part]) !== JSON.stringify(after[part])
  const changes: ChangeWords[] = []
  if (differs('sort')) changes.push({ words: sortWords(after.sort), kind: 'sort' })
  if (differs('groupBy')) changes.push({ words: after.groupBy === null ? 'ended the grouping' : `grouped by ${after.groupBy}`, kind: 'group' })
  if (differs('visible') || differs('hideEmpty') || differs('hideConstant')) changes.push(visibleWords(before, after))
  if (differs('order')) changes.push({ words: 'moved a column', kind: 'order' })
  if (differs('pinned')) changes.push({ words: 'changed the pinned columns', kind: 'pin' })
  if (differs('widthsPx')) changes.push({ words: `changed the width of ${changedKey(before.widthsPx, after.widthsPx) ?? 'columns'}`, kind: `width ${changedKey(before.widthsPx, after.widthsPx) ?? ''}` })
  return changes
}

function visibleWords(before: TableLayout, after: TableLayout): ChangeWords {
  const column = changedKey(before.visible, after.visible)
  return { words: column === null ? 'chose columns' : `${after.visible[column] === false ? 'hid' : 'showed'} ${column}`, kind: 'columns' }
}

function sortWords(sort: TableLayout['sort']): string {
  const [first] = sort
  return first ? `sorted by ${first.column}${first.descending ? ', largest first' : ''}${sort.length > 1 ? ` and ${sort.length - 1} more` : ''}` : 'removed the sort'
}

/** The one name whose value differs; null if there are several. */
function changedKey(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string | null {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name])
  return names.length === 1 ? (names[0] ?? null) : null
}

const phrase = ({ filter }: Chip): string => shortened(phraseOf(filter))
const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
