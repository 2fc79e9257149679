/** A folder of the engine's machine, to look through. */
import { useState } from 'react'
import type { Result } from '#contract/methods'
import { useCall } from '../../state/query.ts'

export type Entry = Result<'files.browse'>['entries'][number]
const pageSize = 500
/** What one call may ask for. */
const most = 1000

/** @param onGo when another folder is shown */
export function useFolder(onGo: () => void = () => undefined) {
  const [handle, setHandle] = useState<string | null>(null)
  const [pages, setPages] = useState(1)
  const [find, setFind] = useState('')
  const { data, error, retry } = useCall('files.browse', { ...(handle !== null && { handle }), limit: Math.min(most, pageSize * pages) })
  const go = (next: string): void => {
    setHandle(next)
    setFind('')
    setPages(1)
    onGo()
  }
  const found = (data?.entries ?? []).filter((entry) => entry.name.toLowerCase().includes(find.toLowerCase()))
  return { data, error, retry, find, setFind, go, found, more: () => setPages(pages + 1), hasMore: data !== null && data.total > data.entries.length && pageSize * pages < most }
}
export type Folder = ReturnType<typeof useFolder>
