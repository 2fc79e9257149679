/** A field for a password: dots, and a button that shows what was typed. */
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { Icon } from './Icon.tsx'
import styles from './PasswordField.module.css'
import { TextField, type TextFieldProps } from './TextField.tsx'

export function PasswordField({ name, value, ...rest }: Omit<TextFieldProps, 'after' | 'type'>) {
  const [shown, setShown] = useState(false)
  return (
    <TextField
      name={name}
      value={value}
      type={shown ? 'text' : 'password'}
      // Browsers offer to remember what they take for a login of this page; this password belongs elsewhere.
      autoComplete="new-password"
      after={
        <button type="button" className={styles['reveal']} aria-label={`Show ${name.charAt(0).toLowerCase()}${name.slice(1)}`} aria-pressed={shown} title={shown ? 'Hide' : 'Show'} disabled={value === ''} onClick={() => setShown(!shown)}>
          <Icon of={shown ? EyeOff : Eye} size={14} />
        </button>
      }
      {...rest}
    />
  )
}
