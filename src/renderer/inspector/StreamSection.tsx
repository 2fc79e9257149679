/** What a task wrote to stdout or stderr, as plain text. */
import { type ReactNode, useState } from 'react'
import { type JsonValue, stringifyJson } from '#contract/json'
import { count, counted } from '../parts/format.ts'
import { Section } from './Section.tsx'
import css from './Inspector.module.css'

const foldedLines = 24

export function StreamSection({ name, value, failed }: { name: 'stdout' | 'stderr'; value: JsonValue | undefined; failed: boolean }): ReactNode {
  const [whole, setWhole] = useState(false)
  if (value === undefined || value === null || value === '') return null
  const text = (typeof value === 'string' ? value : stringifyJson(value, 2)).replace(/\n+$/, '')
  const lines = text.split('\n')
  const shown = whole ? text : lines.slice(0, foldedLines).join('\n').slice(0, 4000)
  return (
    <Section id={name} title={name} figure={counted(lines.length, 'line')}>
      <pre className={css['code']} data-failed={failed || undefined} tabIndex={0} aria-label={name}>
        {shown}
      </pre>
      {shown.length < text.length && (
        <button type="button" className={css['more']} onClick={() => setWhole(true)}>
          Show all {count(lines.length)} lines, {count(text.length)} characters
        </button>
      )}
    </Section>
  )
}
