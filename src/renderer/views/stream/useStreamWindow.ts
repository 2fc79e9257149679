/** The stretch of messages that the stream shows, renewed as the source changes. */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Source } from '#contract/sources'
import type { Scope } from '#contract/values'
import { call } from '../../connection/call.ts'
import { useAskedId } from '../../state/moment.ts'
import { StreamWindow } from './StreamWindow.ts'

export function useStreamWindow({ sourceId, revision }: Source, scope: Scope): StreamWindow {
  const askedId = useAskedId(sourceId)
  const window = useMemo(() => new StreamWindow(call, { sourceId: askedId, scope }), [askedId, scope])
  useEffect(() => () => window.close(), [window])
  useEffect(() => window.refresh(), [window, revision])
  useSyncExternalStore(window.subscribe, () => window.version)
  return window
}
