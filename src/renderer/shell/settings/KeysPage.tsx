/** Keys of every command, also of views that are not open: press the keys that a command is to have. */
import { RotateCcw, Search } from 'lucide-react'
import { useState } from 'react'
import type { Bindings } from '#contract/settingList'
import { Button } from '../../parts/Button.tsx'
import { counted } from '../../parts/format.ts'
import { TextField } from '../../parts/TextField.tsx'
import { commandCatalogue, commandGroups, type KnownCommand } from '../../state/commandCatalogue.ts'
import { boundKeys } from '../../state/keyBindings.ts'
import { setSetting, useSetting } from '../../state/settings.ts'
import { toast } from '../../state/toasts.ts'
import { matchWords } from '../palette/match.ts'
import { KeyRow } from './KeyRow.tsx'
import styles from './Settings.module.css'

export function KeysPage() {
  const [bindings] = useSetting('keys.bindings')
  const [typed, setTyped] = useState('')
  /** The command that is being given keys. */
  const [capturing, setCapturing] = useState<string | null>(null)
  const found = commandCatalogue.filter((command) => typed.trim() === '' || matchWords(`${command.title} ${command.id} ${command.group} ${boundKeys(command.id, command.keys, bindings) ?? ''}`, typed))
  const change = async (next: Bindings): Promise<void> => {
    const why = await setSetting('keys.bindings', next)
    if (why !== null) toast({ tone: 'failed', title: 'The keys could not be changed', detail: why })
  }
  const changed = Object.keys(bindings).length
  return (
    <div className={styles['keys']}>
      <div className={styles['keysHead']}>
        <h4 className="grow">
          Keys of commands <span className="t3">{counted(commandCatalogue.length, 'command')}{changed > 0 && `, ${changed} changed`}</span>
        </h4>
        <TextField small name="Find a command" placeholder="Find a command or keys" type="search" icon={Search} value={typed} onChange={setTyped} />
        <Button size="small" icon={RotateCcw} disabled={changed === 0} onClick={() => void change({})}>
          Reset keys
        </Button>
      </div>
      {found.length === 0 && <p className={styles['none']}>No command matches “{typed.trim()}”.</p>}
      {commandGroups.map((group) => {
        const mine = found.filter((command) => command.group === group)
        return mine.length === 0 ? null : <Group key={group} name={group} commands={mine} bindings={bindings} capturing={capturing} onCapture={setCapturing} onChange={change} />
      })}
      <p className={styles['note']}>Arrow keys, Enter, Escape, Tab and copying keep their meaning. Ctrl stands for ⌘ on macOS. In a browser, Ctrl+N, Ctrl+T and Ctrl+W stay the browser’s.</p>
    </div>
  )
}

type GroupProps = { name: string; commands: readonly KnownCommand[]; bindings: Bindings; capturing: string | null; onCapture: (id: string | null) => void; onChange: (bindings: Bindings) => Promise<void> }

function Group({ name, commands, bindings, capturing, onCapture, onChange }: GroupProps) {
  return (
    <section aria-label={`Commands: ${name}`}>
      <h5 className={styles['keysGroup']}>{name}</h5>
      <ul>
        {commands.map((command) => (
          <KeyRow key={command.id} command={command} bindings={bindings} capturing={capturing === command.id} onCapture={(on) => onCapture(on ? command.id : null)} onChange={(next) => void onChange(next)} />
        ))}
      </ul>
    </section>
  )
}
