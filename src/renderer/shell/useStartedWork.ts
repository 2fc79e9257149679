/** What runs as long as the page does: the change log, the address, the shown source, news of finished exports. */
import { useEffect } from 'react'
import { followSources } from '../state/activeSource.ts'
import { followExports } from '../state/exports.ts'
import { followBroughtViews } from '../state/broughtViews.ts'
import { followLocation } from '../state/location.ts'
import { followNews } from '../state/news.ts'
import { followSettings } from '../state/settings.ts'
import { followSession } from '../state/session.ts'
import { followChanges } from '../state/sources.ts'
import { followTransfers } from '../state/transfers.ts'
import { toast } from '../state/toasts.ts'
import { followChangesToUndo } from '../state/undo.ts'
import { followWatches } from '../state/watches.ts'

/** The desktop loads the page again when it crashed, and says so in the address. */
function tellRecovery(): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('recovered')) return
  url.searchParams.delete('recovered')
  history.replaceState(history.state, '', url)
  toast({ tone: 'note', title: 'The page had stopped and was loaded again', detail: 'What is open, the filter and the view are kept.' })
}

export function useStartedWork(): void {
  useEffect(() => {
    const stop = new AbortController()
    const ends = [followBroughtViews(), followLocation(), followChangesToUndo(), followSession(), followSources(), followExports(), followTransfers(), followNews(), followWatches(), followSettings()]
    void followChanges(stop.signal)
    tellRecovery()
    return () => {
      stop.abort()
      for (const end of ends) end()
    }
  }, [])
}
