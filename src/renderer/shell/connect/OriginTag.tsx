/** Where a value comes from, as a tag, and what it won over, as words beside it. */
import { classes } from '../../parts/classes.ts'
import { Tag } from '../../parts/Tag.tsx'
import styles from './ConnectDialog.module.css'
import type { Origin } from './useQueueChoice.ts'

export function OriginTag({ origin }: { origin: Origin }) {
  switch (origin.kind) {
    case 'typed':
      return <Tag className={styles['typed'] ?? ''}>typed</Tag>
    case 'recent':
      return (
        <span title="As it was attached before">
          <Tag>recent</Tag>
        </span>
      )
    case 'implied':
    case 'unknown':
      return <Tag dashed>default</Tag>
    case 'setting': {
      const { origin: from, where } = origin.setting
      if (from === 'environment') return <Tag className={styles['environment'] ?? ''}>environment</Tag>
      if (from === 'settings file') return <span title={where}><Tag className={styles['file'] ?? ''}>{fileName(where)}</Tag></span>
      return <Tag dashed>default</Tag>
    }
  }
}

export function OriginWords({ origin }: { origin: Origin }) {
  const words = wordsOf(origin)
  if (words === null) return null
  const { mono, over, plain, title } = words
  return (
    <span className="f11 t3 ell" title={title}>
      {mono !== null && <span className={classes('mono', 'f11')}>{mono}</span>}
      {over !== null && (
        <>
          {mono === null ? 'over ' : ' over '}
          <span className="mono f11">{over}</span>
        </>
      )}
      {plain}
    </span>
  )
}

type Words = { mono: string | null; over: string | null; plain: string; title: string }

function wordsOf(origin: Origin): Words | null {
  if (origin.kind === 'typed') return origin.over === null ? null : { mono: null, over: origin.over, plain: '', title: `Typed here instead of ${origin.over}` }
  if (origin.kind === 'implied') return { mono: null, over: null, plain: 'of this broker', title: 'Follows from the broker' }
  if (origin.kind === 'unknown' || origin.kind === 'recent') return null
  const { key, origin: from, where, over, isSecret } = origin.setting
  if (from === 'default') return { mono: null, over: null, plain: 'not set anywhere', title: `${key} is set neither in the environment nor in a settings file` }
  const lost = over && (from === 'environment' || over.origin !== 'default') ? over : null
  const value = lost === null ? null : isSecret ? fileName(lost.where) : (lost.value ?? fileName(lost.where))
  return { mono: from === 'environment' ? where : key, over: value, plain: '', title: lost ? `${where}, over ${lost.where}` : `${key}, ${where}` }
}

const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
