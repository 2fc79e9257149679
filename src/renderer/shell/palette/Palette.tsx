/** Ctrl K: commands of what exists now, tasks by id, columns, text, sources. `>` `#` `@` `:` narrow it. */
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useEffect, useState } from 'react'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { Highlighted } from './Highlighted.tsx'
import styles from './Palette.module.css'
import { type PaletteGroup, usePaletteGroups } from './usePaletteGroups.ts'

export function Palette() {
  const open = useWorkbench((s) => s.paletteOpen)
  const close = (): void => workbench.getState().setPaletteOpen(false)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && close()}>
      <Radix.Portal>
        <div className={styles['scrim']} />
        <Radix.Content className={styles['palette']} aria-label="Search and commands" aria-describedby={undefined}>
          <Radix.Title className="hidden">Search and commands</Radix.Title>
          <Body onClose={close} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Body({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  // Not deferred: Enter right after the last letter runs what that letter found.
  const groups = usePaletteGroups(text)
  const first = groups[0]?.items.find((item) => item.unavailable === undefined)?.key ?? ''
  const [marked, setMarked] = useState(first)
  // What is found arrives bit by bit: the mark stays on the first until the arrows move it, and returns there with each letter.
  useEffect(() => setMarked(first), [first, text])
  const run = (item: PaletteGroup['items'][number]): void => {
    onClose()
    // After the dialog has given the focus back, so that the command may move it.
    setTimeout(item.run)
  }
  return (
    <Command label="Search and commands" shouldFilter={false} loop value={marked} onValueChange={setMarked}>
      <div className={styles['field']}>
        <Icon of={Search} size={14} className="t3" />
        <Command.Input autoFocus className={styles['input']} placeholder="Search, go to a task id, or run a command" value={text} onValueChange={setText} />
        <span className={styles['hint']}>
          <span className="mono f11">&gt;</span> commands, <span className="mono f11">#</span> task id, <span className="mono f11">@</span> column, <span className="mono f11">:</span> time
        </span>
        <KeyCaps keys="Escape" />
      </div>
      <Command.List className={styles['list']}>
        <Command.Empty className={styles['empty']}>Nothing matches “{text}”.</Command.Empty>
        {groups.map((group) => (
          <Command.Group
            key={group.title}
            className={styles['group'] ?? ''}
            heading={
              <>
                {group.title} <span className="t3">{group.note}</span>
              </>
            }
          >
            {group.items.map((item) => (
              <Command.Item key={item.key} value={item.key} disabled={item.unavailable !== undefined} className={styles['item'] ?? ''} onSelect={() => run(item)}>
                <Icon of={item.icon} size={14} />
                <span className="ell">
                  <span className={item.mono ? 'mono' : 'med'}>
                    <Highlighted text={item.title} places={item.places} />
                  </span>{' '}
                  <span className="t3">{item.unavailable ?? item.detail}</span>
                </span>
                <span className={styles['end']}>
                  {(item.does ?? item.tag) !== undefined && <span className="f11 t3">{item.does ?? item.tag}</span>}
                  {item.keys !== undefined && <KeyCaps keys={item.keys} />}
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
      <div className={styles['foot']}>
        <span className="row">
          <KeyCaps keys="ArrowUp" />
          <KeyCaps keys="ArrowDown" /> choose
        </span>
        <span className="row">
          <KeyCaps keys="Enter" /> run
        </span>
        <span className="grow" />
        <span>{count(groups.reduce((sum, group) => sum + group.items.length, 0))} found</span>
      </div>
    </Command>
  )
}
