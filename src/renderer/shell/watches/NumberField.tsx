/** A field for a number, which may be half written. */
import { useState } from 'react'
import { TextField } from '../../parts/TextField.tsx'
import styles from './Watches.module.css'

export function NumberField({ name, value, unit, onChange }: { name: string; value: number; unit?: string; onChange: (value: number) => void }) {
  const [text, setText] = useState(String(value))
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text))
  return (
    <TextField
      name={name}
      inputMode="decimal"
      className={styles['number']}
      value={text}
      error={isNumber ? null : 'Not a number'}
      onChange={(next) => {
        setText(next)
        // What is no number stays in sight, and leaves the watch incomplete.
        onChange(next.trim() === '' ? NaN : Number(next))
      }}
      {...(unit !== undefined && { after: <span className="t3 f11">{unit}</span> })}
    />
  )
}
