/** One setting: its name, its field, where its value comes from, what it does. */
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { type SettingKey, settingOf, type SettingValues } from '#contract/settingList'
import type { SettingState } from '#contract/settings'
import { classes } from '../../parts/classes.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { resetSetting, setSetting } from '../../state/settings.ts'
import { SettingField } from './SettingField.tsx'
import styles from './Settings.module.css'

export function SettingRow({ state, withGroup = false }: { state: SettingState; withGroup?: boolean }) {
  const { key, origin, problem, waits } = state
  const { group, restart, title, what } = settingOf(key)
  const [mistake, setMistake] = useState<string | null>(null)
  const set = async (value: unknown, handle?: string): Promise<void> => setMistake(await setSetting(key, value as SettingValues[SettingKey], handle))
  const reset = async (): Promise<void> => setMistake(await resetSetting(key))
  return (
    <div className={styles['row']} role="group" aria-label={title} data-setting={key}>
      <span className={styles['label']}>
        {withGroup && <span className="t3">{group}: </span>}
        {title}
      </span>
      <span className={styles['field']}>
        <SettingField state={state} onChange={(value) => void set(value)} onFolder={(handle) => void set(undefined, handle)} onMistake={setMistake} />
      </span>
      <span className={styles['origin']}>
        <OriginOf state={state} />
        {origin === 'file' && <IconButton small name={`Reset ${title.toLowerCase()}`} icon={RotateCcw} onClick={() => void reset()} />}
      </span>
      <p className={styles['what']}>
        {what}
        {restart && <span className={waits ? 'waitc' : ''}> {waits ? 'Changed: it takes effect at the next start.' : 'Takes effect at the next start.'}</span>}
      </p>
      {(mistake ?? problem) !== null && (
        <p className={styles['mistake']} role="alert">
          {mistake ?? problem}
        </p>
      )}
    </div>
  )
}

function OriginOf({ state: { origin, where, over } }: { state: SettingState }) {
  if (origin === 'default') return <Tag dashed>default</Tag>
  if (origin === 'file') return <span title={where}><Tag>preferences</Tag></span>
  return (
    <span title={over === null ? where : `${where}, over ${JSON.stringify(over)} of the file`}>
      <Tag className={classes(styles['environment'])}>{where}</Tag>
    </span>
  )
}
