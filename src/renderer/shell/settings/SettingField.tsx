/** The control of a setting, after its kind. */
import { FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { settingOf } from '#contract/settingList'
import type { SettingState } from '#contract/settings'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { choosePlace } from '../../state/places.ts'
import styles from './Settings.module.css'

type FieldProps = { state: SettingState; onChange: (value: unknown) => void; onFolder: (handle: string) => void; onMistake: (why: string) => void }

/** Names that are short enough to stand side by side. */
const mostSideBySide = 26

export function SettingField({ state: { key, origin, value }, onChange, onFolder, onMistake }: FieldProps) {
  const { control, title } = settingOf(key)
  const fixed = origin === 'environment'
  switch (control.kind) {
    case 'switch':
      return (
        <Checkbox checked={value === true} disabled={fixed} onChange={onChange}>
          <span className="hidden">{title}: </span>
          {value === true ? 'On' : 'Off'}
        </Checkbox>
      )
    case 'choice': {
      const options = control.options.map((option) => ({ ...option, disabled: fixed }))
      const short = options.length < 4 && options.reduce((sum, { label }) => sum + label.length, 0) <= mostSideBySide
      return short ? <Segmented name={title} value={String(value)} options={options} onChange={onChange} /> : <SelectField name={title} value={String(value)} options={options} onChange={onChange} className={styles['select']} />
    }
    case 'number':
      return <NumberOf title={title} control={control} value={typeof value === 'number' ? value : null} disabled={fixed} onChange={onChange} />
    case 'text':
      return <TextOf title={title} placeholder={control.placeholder} value={typeof value === 'string' ? value : ''} onChange={(text) => onChange(text === '' ? null : text)} />
    case 'folder': {
      const choose = async (): Promise<void> => {
        const chosen = await choosePlace({ type: 'lmdb', use: 'write' })
        if (chosen && 'mistake' in chosen) onMistake(chosen.mistake)
        else if (chosen) onFolder(chosen.handle)
      }
      return (
        <Button size="small" icon={FolderOpen} disabled={fixed} className={styles['folder']} title={typeof value === 'string' ? value : undefined} aria-label={`Choose the ${title.toLowerCase()}${typeof value === 'string' ? `, now ${value}` : ''}`} onClick={() => void choose()}>
          {typeof value === 'string' ? (
            <span className={styles['path']}>
              <bdi className="mono">{value}</bdi>
            </span>
          ) : (
            <i className="t3">{control.placeholder}</i>
          )}
        </Button>
      )
    }
    case 'keys':
      return null
  }
}

/** Set when it is left or with Enter: half a number is none. */
function NumberOf({ title, control, value, disabled, onChange }: { title: string; control: { min: number; max: number; unit: string; automatic: string | null }; value: number | null; disabled: boolean; onChange: (value: unknown) => void }) {
  const written = value === null ? '' : String(value)
  const [text, setText] = useState(written)
  useEffect(() => setText(written), [written])
  const apply = (): void => {
    const plain = text.trim().replaceAll(',', '')
    if (plain === written) return
    onChange(plain === '' && control.automatic !== null ? null : /^-?\d+$/.test(plain) ? Number(plain) : plain)
  }
  return (
    <>
      <TextField small name={`${title}, ${control.unit}`} inputMode="numeric" className={styles['number'] ?? ''} value={text} placeholder={control.automatic === null ? '' : 'automatic'} disabled={disabled} onChange={setText} onBlur={apply} onKeyDown={(event) => event.key === 'Enter' && apply()} />
      <span className="f11 t3 ell" title={control.automatic ?? undefined}>
        {control.unit}
        {value === null && control.automatic !== null && `; automatic: ${control.automatic}`}
      </span>
    </>
  )
}

function TextOf({ title, placeholder, value, onChange }: { title: string; placeholder: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const apply = (): void => {
    if (text.trim() !== value) onChange(text.trim())
  }
  return <TextField small mono name={title} className={styles['text'] ?? ''} value={text} placeholder={placeholder} onChange={setText} onBlur={apply} onKeyDown={(event) => event.key === 'Enter' && apply()} />
}
