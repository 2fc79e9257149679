/** The pages of the result that is shown, in the order that is chosen. */
import { useMemo, useSyncExternalStore } from 'react'
import type { SqlSort } from '#contract/sql'
import { call } from '../../connection/call.ts'
import { ResultPages } from './ResultPages.ts'
import type { Ran } from './statements.ts'

export function useResultPages(sourceId: string, ran: Ran, sort: SqlSort): ResultPages {
  const pages = useMemo(() => new ResultPages(call, { ...ran, sourceId }, sort), [sourceId, ran, sort])
  useSyncExternalStore(pages.subscribe, () => pages.version)
  return pages
}
