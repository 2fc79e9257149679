/** The tab row, the strips that say in which state the data is, and the open view; a view that fails does so alone. */
import { OctagonX } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import type { Source } from '#contract/sources'
import { Icon } from '../parts/Icon.tsx'
import { Tabs, tabIds } from '../parts/Tabs.tsx'
import { useMatching } from '../state/useMatching.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import { MomentStrip } from './moment/MomentStrip.tsx'
import { views } from '../views/registry.ts'
import { LiveStrip } from './live/LiveStrip.tsx'
import { NothingYet } from './live/NothingYet.tsx'
import { NoMatch } from './NoMatch.tsx'
import { SourceStrips } from './status/SourceStrips.tsx'
import styles from './ViewArea.module.css'
import { ViewBoundary } from './ViewBoundary.tsx'
import { viewKeys } from '../state/commandCatalogue.ts'
import { useShownKeys } from '../state/commands.ts'

export function ViewArea({ source }: { source: Source }) {
  const viewId = useWorkbench((s) => s.view)
  const moment = useWorkbench((s) => s.moment)
  const { matching, total, narrowed } = useMatching()
  const keysOf = useShownKeys()
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set())
  const view = views.find(({ id }) => id === viewId) ?? views[0]
  useEffect(() => setFailed(new Set()), [source.sourceId])
  if (!view) return null
  const mark = (id: string, on: boolean): void => setFailed((before) => new Set(on ? [...before, id] : [...before].filter((other) => other !== id)))
  const { component: View, tools: Tools } = view
  const ids = tabIds('view', view.id)
  return (
    <section className={styles['pane']} aria-label="View" data-region="view">
      <div className={styles['tabrow']}>
        <Tabs
          name="Views"
          group="view"
          value={view.id}
          onChange={(id) => workbench.getState().openView(id)}
          tabs={views.map(({ id, name, icon }, index) => ({
            id,
            icon,
            keys: keysOf({ id: `view.${id}`, keys: viewKeys(index) }),
            name,
            label: (
              <>
                {name}
                {failed.has(id) && (
                  <span className="errc" role="img" aria-label="failed">
                    <Icon of={OctagonX} size={12} />
                  </span>
                )}
              </>
            )
          }))}
        />
        <div className={styles['tools']}>
          {Tools && !failed.has(view.id) && (
            <Suspense>
              <Tools />
            </Suspense>
          )}
        </div>
      </div>
      <SourceStrips source={source} />
      {moment !== null && <MomentStrip source={source} moment={moment} />}
      {source.live && <LiveStrip source={source} live={source.live} />}
      <div role="tabpanel" id={ids.panel} aria-labelledby={ids.tab} className={styles['view']}>
        <ViewBoundary key={`${view.id} ${source.sourceId}`} name={view.name} onFailed={(on) => mark(view.id, on)}>
          <Suspense>{source.live && source.counts.messages === 0 ? <NothingYet source={source} live={source.live} /> : narrowed && matching === 0 && total > 0 && !view.showsMessages ? <NoMatch total={total} /> : <View />}</Suspense>
        </ViewBoundary>
      </div>
    </section>
  )
}
