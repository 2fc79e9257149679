/** Copies a text, and says beside it that it did. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './Button.tsx'

const saidForMs = 1600

export function CopyButton({ text, name, onFailed }: { text: string; /** Accessible name: what is copied. */ name: string; onFailed: (why: string) => void }) {
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), saidForMs)
    return () => clearTimeout(timer)
  }, [done])
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setDone(true),
      (error: unknown) => onFailed(error instanceof Error ? error.message : String(error))
    )
  }
  return (
    <Button tone="link" size="small" icon={done ? Check : Copy} aria-label={name} onClick={copy}>
      {done ? 'Copied' : 'Copy'}
    </Button>
  )
}
