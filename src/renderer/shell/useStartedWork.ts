/** What runs as long as the page does: the change log, the address, the shown source, news of finished exports. */
import { useEffect } from 'react'
import { followSources } from '../state/activeSource.ts'
import { followExports } from '../state/exports.ts'
import { followLocation } from '../state/location.ts'
import { followNews } from '../state/news.ts'
import { followChanges } from '../state/sources.ts'

export function useStartedWork(): void {
  useEffect(() => {
    const stop = new AbortController()
    const ends = [followLocation(), followSources(), followExports(), followNews()]
    void followChanges(stop.signal)
    return () => {
      stop.abort()
      for (const end of ends) end()
    }
  }, [])
}
