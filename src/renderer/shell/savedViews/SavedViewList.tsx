/** Saved views in the navigator, each with how many records of this source it leaves. */
import { Bookmark, Ellipsis } from 'lucide-react'
import type { SavedView } from '#contract/savedViews'
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { ContextMenu, Menu } from '../../parts/Menu.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { phraseOf } from '../../state/filterWords.ts'
import { useCall } from '../../state/query.ts'
import { applySaved, scopeOfView, useSavedViews, viewsStore } from '../../state/savedViews.ts'
import { useScope } from '../../state/useScope.ts'
import { useWorkbench } from '../../state/workbench.ts'
import styles from '../navigator/Navigator.module.css'
import { itemsOf, itemsOfPresent } from './savedViewMenu.ts'

/** What one call counts. */
const atOnce = 50

export function SavedViewList({ source }: { source: Source }) {
  const views = useSavedViews()
  const currentId = viewsStore((s) => s.currentId)
  const parts = Array.from({ length: Math.ceil(views.length / atOnce) }, (_, index) => views.slice(index * atOnce, (index + 1) * atOnce))
  return (
    <section aria-labelledby="views-title" className={styles['views']}>
      <div className={styles['divider']} />
      <div className={styles['head']}>
        <h2 className="grow" id="views-title">
          Saved views <span className={styles['light']}>{views.length > 0 ? count(views.length) : ''}</span>
        </h2>
        <Menu name="Views" trigger={<IconButton small name="Save or open a view" icon={Ellipsis} />} items={itemsOfPresent([], currentId)} />
      </div>
      {views.length > 0 && (
        <ul className={classes(styles['scroll'], styles['viewRows'])} aria-labelledby="views-title">
          {parts.map((part, index) => (
            <Rows key={index} views={part} source={source} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Rows({ views, source }: { views: SavedView[]; source: Source }) {
  const counts = useCounts(views, source)
  return views.map((saved) => <Row key={saved.viewId} saved={saved} found={counts.get(saved.viewId) ?? null} />)
}

/** Of each view, how many records of its kind are in it here. */
function useCounts(views: SavedView[], { sourceId, state }: Source): Map<string, number> {
  const ofKind = (records: Records): SavedView[] => views.filter(({ view }) => view.records === records)
  const counted = [
    useCountsOf('tasks', ofKind('tasks'), sourceId, state),
    useCountsOf('workflows', ofKind('workflows'), sourceId, state),
    useCountsOf('agents', ofKind('agents'), sourceId, state),
    useCountsOf('objects', ofKind('objects'), sourceId, state),
    useCountsOf('messages', ofKind('messages'), sourceId, state)
  ]
  return new Map(counted.flat())
}

function useCountsOf(records: Records, views: SavedView[], sourceId: string, state: Source['state']): [string, number][] {
  const { data, current } = useCall('filter.counts', views.length === 0 || state === 'failed' ? null : { sourceId, records, scopes: views.map(({ view }) => scopeOfView(view)) })
  return data && (current || data.counts.length === views.length) ? views.map(({ viewId }, index) => [viewId, data.counts[index] ?? 0]) : []
}

function Row({ saved, found }: { saved: SavedView; found: number | null }) {
  const chosen = viewsStore((s) => s.currentId === saved.viewId)
  const records = useWorkbench((s) => s.records)
  const scope = useScope()
  // Not any more once something else was filtered for.
  const current = chosen && records === saved.view.records && JSON.stringify(scope) === JSON.stringify(scopeOfView(saved.view))
  const items = itemsOf(saved)
  return (
    <ContextMenu items={items}>
      <li className={styles['source']}>
        <Tooltip text={describe(saved)} side="right">
          <button type="button" className={classes(styles['row'], current && styles['current'])} aria-current={current || undefined} onClick={() => void applySaved(saved)}>
            <span className={styles['spacer']} />
            <Icon of={Bookmark} size={14} />
            <span className="grow ell">{saved.name}</span>
            <span className={styles['count']}>{found === null ? '' : count(found)}</span>
          </button>
        </Tooltip>
        <Menu name={`Actions for the view ${saved.name}`} trigger={<IconButton small name={`Actions for the view ${saved.name}`} icon={Ellipsis} className={styles['more']} />} items={items} />
      </li>
    </ContextMenu>
  )
}

export function describe({ view }: Pick<SavedView, 'view'>): string {
  const { chips, node, range, records, search, table } = view
  const narrows = [...(node ? [`${node.kind} ${node.name}`] : []), ...chips.filter(({ on }) => on).map(({ filter }) => phraseOf(filter)), ...(search === '' ? [] : [`text “${search}”`]), ...(range ? ['a stretch of time'] : [])]
  const [sort] = table?.sort ?? []
  return [`${records} in ${view.view}`, ...(narrows.length > 0 ? [narrows.join(' and ')] : ['all of them']), ...(sort ? [`by ${sort.column}`] : [])].join(' · ')
}
