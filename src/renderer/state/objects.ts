/** The bytes of a stored object: to a file that is asked for, or to the browser's downloads. */
import { call } from '../connection/call.ts'
import { noteStarted, refreshExports } from './exports.ts'
import { isDesktop } from './open.ts'
import { toast } from './toasts.ts'

export async function downloadObject({ sourceId, objectId, version, name }: { sourceId: string; objectId: string; version: number; name: string }): Promise<void> {
  const failed = (detail: string): void => toast({ tone: 'failed', title: 'The object could not be downloaded', detail })
  let handle: string | undefined
  if (isDesktop()) {
    const saved = await call('dialog.save', { name })
    if (!saved.ok) return failed(saved.error.message)
    if (saved.value.handle === null) return
    handle = saved.value.handle
  }
  const reply = await call('objects.download', { sourceId, objectId, version, name, ...(handle !== undefined && { handle }) })
  if (!reply.ok) return failed(reply.error.message)
  noteStarted(reply.value.exportId)
  await refreshExports()
}
