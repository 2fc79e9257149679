/** Another window or tab of the same engine: the same sources, a workbench of its own. */
import { call } from '../connection/call.ts'
import { hashOf } from './location.ts'
import { isDesktop } from './open.ts'
import { toast } from './toasts.ts'
import { workbench } from './workbench.ts'

/** @param sourceId shown there instead of what is shown here */
export async function openInNewWindow(sourceId?: string): Promise<void> {
  const address = sourceId === undefined ? hashOf(workbench.getState()) : `#/overview?${new URLSearchParams({ source: sourceId }).toString()}`
  if (isDesktop()) {
    const reply = await call('windows.new', { address })
    if (!reply.ok) toast({ tone: 'failed', title: 'No window could be opened', detail: reply.error.message })
    // A tab that this one opens has this one's key; no address ever has it.
  } else if (window.open(`${location.pathname}${address}`, '_blank') === null) toast({ tone: 'failed', title: 'The browser opened no tab', detail: 'Allow this page to open tabs.' })
}
