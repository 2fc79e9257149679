/** Watch or record: what each does, the stores a recording goes to, and whether it answers control messages. */
import { AlertTriangle } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { classes } from '../../parts/classes.ts'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import type { Broker } from '../../state/queueUrl.ts'
import styles from './ConnectDialog.module.css'
import { TargetRow } from './TargetRow.tsx'
import type { RecordTargets } from './useRecordTargets.ts'

export type RoleKind = 'watch' | 'record'

type RoleProps = {
  broker: Broker
  kind: RoleKind
  onKind: (kind: RoleKind) => void
  targets: RecordTargets
  asInserter: boolean
  onInserter: (on: boolean) => void
  commands: string[]
  /** As the test counted them; null before it, or where the broker does not say. */
  subscribers: number | null
}

export function RolePart({ broker, kind, onKind, targets, asInserter, onInserter, commands, subscribers }: RoleProps) {
  return (
    <RadioGroup.Root aria-label="Role" value={kind} onValueChange={(next) => onKind(next === 'record' ? 'record' : 'watch')} className={styles['roles']}>
      <RoleCard kind="watch" title="Watch" on={kind === 'watch'} onChoose={() => onKind('watch')} words={`Read only. ${broker === 'rabbitmq' ? 'A queue of our own gets a copy of each message; others get theirs as before, and no control message is answered.' : `${numberWord(commands.length)} sent, no key is written, no control message answered.`} Nothing is kept after you close it, unless you export.`} />
      <RoleCard kind="record" title="Record" on={kind === 'record'} onChoose={() => onKind('record')} words="Watch, and store every task while the run goes on.">
        {kind === 'record' && (
          <>
            <div className={styles['targets']}>
              {targets.targets.map((target) => (
                <TargetRow key={target.type} target={target} onChange={(change) => targets.change(target.type, change)} />
              ))}
            </div>
            <Inserter on={asInserter} onChange={onInserter} subscribers={subscribers} />
          </>
        )}
      </RoleCard>
    </RadioGroup.Root>
  )
}

function RoleCard({ kind, title, words, on, onChoose, children }: { kind: RoleKind; title: string; words: string; on: boolean; onChoose: () => void; children?: ReactNode }) {
  return (
    <div className={classes(styles['role'], on && styles['roleOn'])} onClick={on ? undefined : onChoose}>
      <RadioGroup.Item value={kind} className={styles['dot']} aria-labelledby={`role-${kind}`} aria-describedby={`role-${kind}-words`} />
      <div className={styles['roleBody']}>
        <div className="med" id={`role-${kind}`}>
          {title}
        </div>
        <div className="f12 t2" id={`role-${kind}-words`}>
          {words}
        </div>
        {children}
      </div>
    </div>
  )
}

function Inserter({ on, onChange, subscribers }: { on: boolean; onChange: (on: boolean) => void; subscribers: number | null }) {
  return (
    <div className={styles['inserter']}>
      <Checkbox checked={on} onChange={onChange}>
        <span className="med">Act as inserter</span>
      </Checkbox>
      <div className={styles['inserterWords']}>
        <div className="f11 t2">
          Answers control messages: a producer waiting in <span className="mono f11">stop()</span> is released once its tasks are stored, and waits if Provscope quits.
        </div>
        {subscribers !== null && subscribers > 0 && (
          <div className={styles['warning']}>
            <Icon of={AlertTriangle} size={12} />
            <span>{subscribers === 1 ? 'The other subscriber may be an inserter; then both would release it' : `One of the ${counted(subscribers, 'other subscriber')} may be an inserter; then both would release it`}</span>
          </div>
        )}
      </div>
    </div>
  )
}

const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven']
const numberWord = (n: number): string => `${words[n] ?? count(n)} ${n === 1 ? 'command is' : 'commands are'}`
