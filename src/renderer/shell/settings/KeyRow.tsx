/** A command and its keys; while it is given others, the next press is shown before it is taken. */
import { Ban, RotateCcw } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Bindings } from '#contract/settingList'
import { Button } from '../../parts/Button.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { Tag } from '../../parts/Tag.tsx'
import type { KnownCommand } from '../../state/commandCatalogue.ts'
import { captureKeys } from '../../state/commands.ts'
import { bind, boundKeys, conflictsOf, isBrowsersOwn, isSingle, keysMistake, keysOf, unbind } from '../../state/keyBindings.ts'
import { isDesktop } from '../../state/open.ts'
import { useSetting } from '../../state/settings.ts'
import styles from './Settings.module.css'

type RowProps = { command: KnownCommand; bindings: Bindings; capturing: boolean; onCapture: (on: boolean) => void; onChange: (bindings: Bindings) => void }

export function KeyRow({ command, bindings, capturing, onCapture, onChange }: RowProps) {
  const { id, keys: own, title } = command
  const keys = boundKeys(id, own, bindings)
  const changed = Object.hasOwn(bindings, id)
  const change = useRef<HTMLButtonElement>(null)
  const end = (next: Bindings | null): void => {
    onCapture(false)
    if (next) onChange(next)
    // The row's button is there again after this has been drawn.
    setTimeout(() => change.current?.focus())
  }
  return (
    <li className={styles['keyRow']} aria-label={title} data-command={id}>
      <span className="grow ell" title={id}>
        {title}
      </span>
      {capturing ? (
        <Capture command={command} bindings={bindings} onEnd={end} />
      ) : (
        <>
          {changed && (
            <>
              <Tag>changed</Tag>
              <IconButton small name={`Reset the keys of ${title}`} icon={RotateCcw} onClick={() => onChange(unbind(id, bindings))} />
            </>
          )}
          {keys !== undefined && <IconButton small name={`Take the keys from ${title}`} icon={Ban} className={styles['take']} onClick={() => onChange(bind(id, null, bindings))} />}
          <button ref={change} type="button" className={styles['keyButton']} onClick={() => onCapture(true)}>
            <span className="hidden">Change the keys of {title}, </span>
            {keys === undefined ? <span className="f11 t3">none</span> : <KeyCaps keys={keys} />}
          </button>
        </>
      )}
    </li>
  )
}

/** Takes a press at once where nothing speaks against it; else it says what does, and offers what can be done. */
function Capture({ command: { id, title }, bindings, onEnd }: { command: KnownCommand; bindings: Bindings; onEnd: (bindings: Bindings | null) => void }) {
  const [pressed, setPressed] = useState<string | null>(null)
  const [single] = useSetting('keys.single')
  const field = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    field.current?.focus()
    captureKeys(true)
    return () => captureKeys(false)
  }, [])
  const conflicts = pressed === null ? [] : conflictsOf(id, pressed, bindings)
  const mistake = pressed === null ? null : keysMistake(pressed)
  const press = (event: KeyboardEvent): void => {
    // Escape and Tab go on meaning what they mean: out of here.
    if (event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return onEnd(null)
    const keys = keysOf(event.nativeEvent)
    if (keysMistake(keys) === null && conflictsOf(id, keys, bindings).length === 0 && !doubtOf(keys, single)) onEnd(bind(id, keys, bindings))
    else setPressed(keys)
  }
  const doubt = pressed === null ? null : doubtOf(pressed, single)
  const waits = pressed === null || mistake !== null
  return (
    <>
      <span className={styles['doubt']} role="status">
        {mistake ?? (conflicts.length > 0 ? `${conflicts.map((other) => other.title).join(', ')} ${conflicts.length === 1 ? 'has' : 'have'} it` : doubt)}
      </span>
      <button ref={field} type="button" className={styles['captureField']} aria-label={`Press the keys for ${title}`} data-capturing onKeyDown={press} onKeyUp={(event) => event.preventDefault()}>
        {waits ? 'Press keys…' : <KeyCaps keys={pressed} />}
      </button>
      {!waits && (
        <Button size="small" tone="primary" onClick={() => onEnd(bind(id, pressed, bindings))}>
          {conflicts.length > 0 ? 'Take over' : 'Use it'}
        </Button>
      )}
      <Button size="small" onClick={() => onEnd(null)}>
        Cancel
      </Button>
    </>
  )
}

function doubtOf(keys: string, single: boolean): string | null {
  if (isBrowsersOwn(keys) && !isDesktop()) return 'The browser keeps it; only the desktop app would see it'
  return isSingle(keys) && !single ? 'Single keys are turned off' : null
}
