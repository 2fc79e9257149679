/** Everything right of the navigator: filter bar, view with its tabs, inspector, problems, reading progress. */
import { Suspense, lazy, useEffect } from 'react'
import type { Source } from '#contract/sources'
import { ResizedPane } from './ResizedPane.tsx'
import { useEngine } from '../state/sources.ts'
import { useMedia } from '../state/appearance.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import { ProblemsPanel } from '../views/problems/ProblemsPanel.tsx'
import { FilterBar } from './filter/FilterBar.tsx'
import styles from './Main.module.css'
import { LoadingBar } from './status/LoadingBar.tsx'
import { ViewArea } from './ViewArea.tsx'

const Inspector = lazy(async () => ({ default: (await import('../inspector/Inspector.tsx')).Inspector }))

export function Main({ source }: { source: Source }) {
  const inspectorOpen = useWorkbench((s) => s.inspectorOpen)
  const panel = useWorkbench((s) => s.panel)
  const lost = useEngine((s) => s.link.state === 'lost' || s.link.state === 'refused')
  useEffect(() => {
    document.title = `${source.name} · Provscope`
    return () => {
      document.title = 'Provscope'
    }
  }, [source.name])
  const overlaid = useMedia('(max-width:1180px)')
  const wide = useMedia('(min-width:1900px)')
  return (
    <main className={styles['main']} data-disconnected={lost || undefined}>
      <h1 className="hidden">{source.name}</h1>
      <FilterBar source={source} />
      <div className={styles['work']}>
        <div className={styles['left']}>
          <ViewArea source={source} />
          {panel === 'problems' && (
            <ResizedPane name="Height of the problems" pref="problems.height" edge="top" size={320} min={120} max={() => window.innerHeight - 240}>
              <ProblemsPanel />
            </ResizedPane>
          )}
        </div>
        {inspectorOpen && (
          <ResizedPane name="Width of the inspector" pref="inspector.width" edge="left" size={wide ? 400 : 332} min={280} max={() => Math.min(720, window.innerWidth * 0.6)} className={styles['inspector']}>
            <div
              className={styles['inside']}
              onKeyDown={(event) => {
                if (overlaid && event.key === 'Escape' && !event.defaultPrevented) workbench.getState().setInspectorOpen(false)
              }}
            >
              <Suspense>
                <Inspector />
              </Suspense>
            </div>
          </ResizedPane>
        )}
      </div>
      <LoadingBar source={source} />
    </main>
  )
}
