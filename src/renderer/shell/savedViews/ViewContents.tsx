/** What a view holds, in words: before it is saved, deleted, or taken over from somebody else. */
import type { ViewContent } from '#contract/viewFile'
import { counted } from '../../parts/format.ts'
import { useZone } from '../../state/appearance.ts'
import { date, clock } from '../../parts/format.ts'
import { phraseOf } from '../../state/filterWords.ts'
import { views } from '../../views/registry.ts'
import styles from './SavedViews.module.css'

export function ViewContents({ view }: { view: ViewContent }) {
  const zone = useZone()
  const { chips, node, range, records, search, table } = view
  const shown = views.find(({ id }) => id === view.view)?.name ?? view.view
  const columns = Object.values(table?.visible ?? {})
  return (
    <dl className={styles['contents']}>
      <dt>Shows</dt>
      <dd>
        {records} in {shown}
      </dd>
      {node && (
        <>
          <dt>Within</dt>
          <dd>
            {node.kind} {node.name}
          </dd>
        </>
      )}
      <dt>Filter</dt>
      <dd className={styles['conditions']}>
        {chips.length === 0 && <span className="t3">none</span>}
        {chips.map(({ filter, on }, index) => (
          <code key={index} className={on ? 'mono ell' : 'mono ell t3'} title={JSON.stringify(filter)}>
            {phraseOf(filter)}
            {!on && ' (off)'}
          </code>
        ))}
      </dd>
      {search !== '' && (
        <>
          <dt>Text</dt>
          <dd className="ell">{search}</dd>
        </>
      )}
      {range && (
        <>
          <dt>Time</dt>
          <dd>
            {date(range.from, zone)} {clock(range.from, zone)} to {date(range.to, zone)} {clock(range.to, zone)}
          </dd>
        </>
      )}
      {table && (
        <>
          <dt>Table</dt>
          <dd>
            {[
              ...(table.sort[0] ? [`sorted by ${table.sort[0].column}`] : []),
              ...(table.groupBy === null ? [] : [`grouped by ${table.groupBy}`]),
              ...(columns.length > 0 ? [`${counted(columns.filter(Boolean).length, 'column')} shown and ${columns.filter((on) => !on).length} hidden by hand`] : []),
              ...(table.order.length > 0 ? ['columns in an order of its own'] : []),
              ...(table.pinned.length > 0 ? [`${counted(table.pinned.length, 'column')} pinned`] : [])
            ].join(', ') || 'as by default'}
          </dd>
        </>
      )}
    </dl>
  )
}
