/** The conditions that leave what is exported, and the order of a table. */
import { Tag } from '../../parts/Tag.tsx'
import { phraseOf } from '../../state/filterWords.ts'
import { useWorkbench } from '../../state/workbench.ts'
import css from './ExportDialog.module.css'

export function ScopeTags({ sorted }: { sorted: boolean }) {
  const node = useWorkbench((s) => s.node)
  const chips = useWorkbench((s) => s.chips)
  const search = useWorkbench((s) => s.search)
  const range = useWorkbench((s) => s.range)
  const moment = useWorkbench((s) => s.moment)
  const tableSort = useWorkbench((s) => s.tableSort)
  const sort = sorted ? tableSort : []
  if (!node && chips.length === 0 && search === '' && !range && moment === null && sort.length === 0) return null
  return (
    <div className={css['tags']}>
      {moment !== null && <Tag>as of a moment</Tag>}
      {node && (
        <Tag>
          <b className="med">{node.kind}</b> {node.name}
        </Tag>
      )}
      {chips.map((chip) => (
        <Tag key={chip.key} mono={chip.on} dashed={!chip.on}>
          {phraseOf(chip.filter)}
          {!chip.on && ', off'}
        </Tag>
      ))}
      {search !== '' && <Tag>text “{search}”</Tag>}
      {range && <Tag>time range</Tag>}
      {sort.map(({ column, descending }) => (
        <Tag key={column} mono>
          {column} {descending ? '↓' : '↑'}
        </Tag>
      ))}
    </div>
  )
}
