/** Text with its matched letters marked. */
import styles from './Palette.module.css'

export function Highlighted({ text, places }: { text: string; /** Start and end of each match, in order. */ places: readonly (readonly [number, number])[] }) {
  if (places.length === 0) return text
  const parts = []
  let at = 0
  for (const [start, end] of places) {
    parts.push(
      text.slice(at, start),
      <mark key={start} className={styles['match']}>
        {text.slice(start, end)}
      </mark>
    )
    at = end
  }
  return [...parts, text.slice(at)]
}
