/** A word with its explanation: underlined by dots, explained on hover, focus or a click. */
import { Popover as Radix } from 'radix-ui'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import styles from './Term.module.css'

/** Long enough not to be in the way of a pointer that passes over. */
const openAfterMs = 350
const closeAfterMs = 120

export function Term({ word, means, prov, children }: { word: string; means: string; /** Its counterpart in W3C PROV. */ prov?: string | undefined; /** As it stands in the text; the word itself by default. */ children?: ReactNode }) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const pressed = useRef(false)
  const later = (next: boolean, afterMs: number): void => {
    if (timer.current) clearTimeout(timer.current)
    timer.current = setTimeout(() => setOpen(next), afterMs)
  }
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), [])
  const leave = (): void => later(false, closeAfterMs)
  return (
    <Radix.Root
      open={open}
      onOpenChange={(next) => {
        if (timer.current) clearTimeout(timer.current)
        setOpen(next)
      }}
    >
      <Radix.Trigger asChild>
        <button
          type="button"
          className={styles['term']}
          aria-describedby={id}
          aria-haspopup={undefined}
          onPointerDown={() => (pressed.current = true)}
          onPointerEnter={(event) => event.pointerType === 'mouse' && later(true, openAfterMs)}
          onPointerLeave={(event) => event.pointerType === 'mouse' && leave()}
          onFocus={(event) => {
            if (!pressed.current && event.currentTarget.matches(':focus-visible')) later(true, openAfterMs)
            pressed.current = false
          }}
          onBlur={leave}
        >
          {children ?? word}
        </button>
      </Radix.Trigger>
      {/* What it means is there for who hears the page, open or not, and is no part of the text that the word stands in. */}
      {createPortal(
        <span id={id} hidden>
          {means}
          {prov !== undefined && ` W3C PROV: ${prov}.`}
        </span>,
        document.body
      )}
      <Radix.Portal>
        <Radix.Content
          className={styles['tip']}
          aria-label={word}
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onPointerEnter={() => later(true, 0)}
          onPointerLeave={leave}
        >
          <b className={styles['word']}>{word}</b>
          <p>{means}</p>
          {prov !== undefined && <p className={styles['prov']}>W3C PROV: {prov}</p>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
