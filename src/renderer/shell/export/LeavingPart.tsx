/** What is done after writing, and a name for doing it so again. */
import { BookmarkPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { isStore, isTable } from '../../state/exportChoice.ts'
import { destinationOf } from './destinations.ts'
import css from './ExportDialog.module.css'
import type { ExportPreset } from './exportPresets.ts'
import type { ExportState } from './useExportChoice.ts'

export function LeavingPart({ state: { choice, change }, presets, onKeep }: { state: ExportState; presets: ExportPreset[]; onKeep: (preset: ExportPreset) => void }) {
  return (
    <div className={css['after']}>
      {isTable(choice.to) && (
        <Checkbox checked={choice.verify} onChange={(verify) => change({ verify })}>
          Read back and compare after writing
        </Checkbox>
      )}
      {!isTable(choice.to) && <span className="t2">{isStore(choice.to) ? 'Read back and compared after writing.' : 'Read back and checked after writing.'}</span>}
      <Checkbox checked={choice.manifest} onChange={(manifest) => change({ manifest })}>
        Write a manifest
      </Checkbox>
      <span className="grow" />
      <KeepPreset choice={choice} presets={presets} onKeep={onKeep} />
    </div>
  )
}

function KeepPreset({ choice, presets, onKeep }: { choice: ExportPreset['choice']; presets: ExportPreset[]; onKeep: (preset: ExportPreset) => void }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const taken = presets.some((preset) => preset.name === name.trim())
  const keep = (): void => {
    if (name.trim() === '') return
    onKeep({ name, choice })
    setOpen(false)
  }
  const toggle = (next: boolean): void => {
    setOpen(next)
    if (next) setName(destinationOf(choice.to).name)
  }
  return (
    <Popover
      name="Keep this as a preset"
      align="end"
      side="top"
      open={open}
      onOpenChange={toggle}
      trigger={
        <Button tone="ghost" size="small" icon={BookmarkPlus}>
          Keep this as a preset
        </Button>
      }
    >
      <form
        className={css['keep']}
        onSubmit={(event) => {
          event.preventDefault()
          keep()
        }}
      >
        <TextField name="Name of the preset" value={name} maxLength={60} onChange={setName} onFocus={(event) => event.currentTarget.select()} />
        <Button type="submit" tone="primary" disabled={name.trim() === ''}>
          {taken ? 'Replace it' : 'Keep'}
        </Button>
        <p className="f11 t3">Destination, columns, treatment of secrets and checks; no password, and no folder.</p>
      </form>
    </Popover>
  )
}
