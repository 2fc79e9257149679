/** The left column: open sources, and the tree of campaigns, workflows and activities of the one that is shown. */
import type { KeyboardEvent } from 'react'
import { classes } from '../../parts/classes.ts'
import { useMedia } from '../../state/appearance.ts'
import { useSource } from '../../state/sources.ts'
import { workbench } from '../../state/workbench.ts'
import { ResizedPane } from '../ResizedPane.tsx'
import { SavedViewList } from '../savedViews/SavedViewList.tsx'
import styles from './Navigator.module.css'
import { SourceList } from './SourceList.tsx'
import { WorkflowTree } from './WorkflowTree.tsx'

export function Navigator() {
  const source = useSource()
  const wide = useMedia('(min-width:1900px)')
  const drawer = useMedia('(max-width:900px)')
  const close = (event: KeyboardEvent): void => {
    if (drawer && event.key === 'Escape' && !event.defaultPrevented) workbench.getState().setNavigatorOpen(false)
  }
  return (
    <>
      {drawer && <div className={styles['scrim']} onClick={() => workbench.getState().setNavigatorOpen(false)} />}
      <ResizedPane landmark="Navigator" name="Width of the navigator" pref="navigator.width" edge="right" size={wide ? 280 : 240} min={180} max={() => Math.min(560, window.innerWidth * 0.5)} className={classes(styles['pane'], drawer && styles['drawer'])}>
        <div className={styles['nav']} data-region="navigator" onKeyDown={close}>
          <SourceList />
          <div className={styles['divider']} />
          {source && <WorkflowTree key={source.sourceId} source={source} />}
          {source && <SavedViewList source={source} />}
        </div>
      </ResizedPane>
    </>
  )
}
