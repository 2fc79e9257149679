/** The password: typed, kept by the host, or set in Flowcept's settings; and whether it is to be kept. */
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { PasswordField } from '../../parts/PasswordField.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { call } from '../../connection/call.ts'
import type { Settings } from '../../state/attach.ts'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import styles from './ConnectDialog.module.css'
import { OriginTag, OriginWords } from './OriginTag.tsx'
import type { Origin, QueueChoice } from './useQueueChoice.ts'

export type KeepChoice = { on: boolean; set: (on: boolean) => void }

export function PasswordRow({ choice, settings, keep }: { choice: QueueChoice; settings: Settings | null; keep: KeepChoice }) {
  const { password, setPassword, url, changed } = choice
  const secrets = useCall('secrets.state', choice.mistake === null ? { address: url } : null)
  const { canKeep = false, why = null, kept = false } = secrets.data ?? {}
  const reason = why ?? secrets.error?.message ?? null
  // Flowcept's password is for Flowcept's address only.
  const setting = changed ? undefined : settings?.settings.find(({ key, isSet }) => key === 'mq.password' && isSet)
  const origin: Origin = setting ? { kind: 'setting', setting } : { kind: 'unknown' }
  const forget = async (): Promise<void> => {
    const reply = await call('secrets.forget', { address: url })
    if (!reply.ok) toast({ tone: 'failed', title: 'The password is still kept', detail: reply.error.message })
    secrets.retry()
  }
  return (
    <div className={styles['row']}>
      <span className="t2" aria-hidden="true">
        Password
      </span>
      <PasswordField mono name="Password" value={password} onChange={setPassword} placeholder={kept ? 'kept' : setting ? 'as set' : 'none'} />
      {password !== '' ? <Tag className={styles['typed'] ?? ''}>typed</Tag> : kept ? <Tag>kept</Tag> : <OriginTag origin={origin} />}
      {password !== '' ? (
        canKeep ? (
          <Checkbox checked={keep.on} onChange={keep.set}>
            <span className="f11">Keep password</span>
          </Checkbox>
        ) : (
          <span className="f11 t3 ell" title={reason ?? undefined}>
            kept in memory only
          </span>
        )
      ) : kept ? (
        <Button tone="link" size="small" className={styles['forget']} onClick={() => void forget()}>
          Forget it
        </Button>
      ) : (
        <OriginWords origin={origin} />
      )}
    </div>
  )
}
