/** Every setting, what it does and where its value comes from: groups at the left, a search over all of them. */
import { Info, Search, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { type SettingGroup, settingGroups, type SettingKey, settingKeys, settingOf } from '#contract/settingList'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { resetSetting, settingsStore } from '../../state/settings.ts'
import { settingsPage, type SettingsPage } from '../../state/settingsPage.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { matchWords } from '../palette/match.ts'
import { FlowceptPage } from './FlowceptPage.tsx'
import { KeysPage } from './KeysPage.tsx'
import { SettingRow } from './SettingRow.tsx'
import styles from './Settings.module.css'

const pages: readonly SettingsPage[] = [...settingGroups, 'Flowcept']
const close = (): void => workbench.getState().setDialog(null)

export function SettingsDialog() {
  const open = useWorkbench((s) => s.dialog === 'settings')
  return open ? <Body /> : null
}

function Body() {
  const page = settingsPage((s) => s.page)
  const [typed, setTyped] = useState('')
  const found = typed.trim() === '' ? null : settingKeys.filter((key) => key !== 'keys.bindings' && matches(key, typed))
  return (
    <Dialog open onClose={close} icon={Settings2} title="Settings" className={styles['dialog']} foot={<Foot />}>
      <div className={styles['columns']}>
        <nav className={styles['side']} aria-label="Groups of settings">
          <TextField small name="Search settings" placeholder="Search settings" type="search" icon={Search} className={styles['search'] ?? ''} value={typed} onChange={setTyped} />
          <ul>
            {pages.map((name) => (
              <li key={name}>
                <button type="button" className={classes(styles['group'], found === null && page === name && styles['on'])} aria-current={found === null && page === name ? 'page' : undefined} onClick={() => (setTyped(''), settingsPage.setState({ page: name }))}>
                  <span className="grow">{name}</span>
                  {name !== 'Flowcept' && <Changed group={name} />}
                </button>
              </li>
            ))}
          </ul>
          <button type="button" className={styles['group']} onClick={() => workbench.getState().setDialog('about')}>
            <Icon of={Info} size={12} className="t3" /> About Provscope
          </button>
        </nav>
        <div className={styles['page']}>{found ? <Found keys={found} typed={typed} /> : <Page page={page} />}</div>
      </div>
    </Dialog>
  )
}

function Page({ page }: { page: SettingsPage }) {
  if (page === 'Flowcept') return <FlowceptPage />
  return (
    <section aria-labelledby="settings-title" className={styles['section']}>
      <h3 id="settings-title" className={styles['title']}>
        {page}
      </h3>
      <Rows keys={settingKeys.filter((key) => key !== 'keys.bindings' && settingOf(key).group === page)} />
      {page === 'Keyboard' && <KeysPage />}
    </section>
  )
}

function Found({ keys, typed }: { keys: readonly SettingKey[]; typed: string }) {
  return (
    <section aria-labelledby="settings-title" className={styles['section']}>
      <h3 id="settings-title" className={styles['title']} role="status">
        {keys.length === 0 ? `No setting matches “${typed.trim()}”` : `${keys.length} of ${settingKeys.length - 1} settings`}
      </h3>
      <Rows keys={keys} withGroup />
    </section>
  )
}

function Rows({ keys, withGroup = false }: { keys: readonly SettingKey[]; withGroup?: boolean }) {
  const states = settingsStore((s) => s.listed?.settings)
  return keys.map((key) => {
    const state = states?.find((one) => one.key === key)
    return state && <SettingRow key={key} state={state} withGroup={withGroup} />
  })
}

/** How many of a group are not as they come. */
function Changed({ group }: { group: SettingGroup }) {
  const states = settingsStore((s) => s.listed?.settings) ?? []
  const mine = states.filter(({ key }) => settingOf(key).group === group)
  const wrong = mine.some(({ problem }) => problem !== null)
  const changed = mine.filter(({ origin }) => origin !== 'default').length
  if (wrong) return <span className="f11 waitc" title="A value cannot be used">!</span>
  return changed > 0 ? <span className="f11 t3" title={`${changed} not as they come`}>{changed}</span> : null
}

const matches = (key: SettingKey, typed: string): boolean => {
  const { title, what, group } = settingOf(key)
  return matchWords(`${key} ${title} ${group} ${what}`, typed)
}

/** The file, and the way back. */
function Foot() {
  const listed = settingsStore((s) => s.listed)
  const [asks, setAsks] = useState(false)
  const failed = (detail: string): void => toast({ tone: 'failed', title: 'Not copied', detail })
  const resetAll = async (): Promise<void> => {
    setAsks(false)
    const why = await resetSetting(null)
    if (why !== null) toast({ tone: 'failed', title: 'The settings could not be reset', detail: why })
  }
  const changed = listed?.settings.filter(({ origin }) => origin === 'file').length ?? 0
  return (
    <>
      <span className={styles['file']}>
        {listed?.problem ? (
          <span className="waitc ell" role="status" title={listed.problem}>
            The file cannot be understood: {listed.problem}
          </span>
        ) : (
          <>
            <span className={classes('mono', 'f11', 't2', styles['path'])} title={listed?.path}>
              <bdi>{listed?.path}</bdi>
            </span>
            <CopyButton text={listed?.path ?? ''} name="Copy the file’s path" onFailed={failed} />
          </>
        )}
      </span>
      {asks ? (
        <>
          <span className="f12">{changed === 1 ? 'The one that was changed goes back' : `All ${changed} that were changed go back`}</span>
          <Button size="large" onClick={() => setAsks(false)}>
            Keep them
          </Button>
          <Button size="large" tone="primary" onClick={() => void resetAll()}>
            Reset {changed}
          </Button>
        </>
      ) : (
        <>
          <Button size="large" disabled={changed === 0} onClick={() => setAsks(true)}>
            Reset all
          </Button>
          <Button size="large" tone="primary" onClick={close}>
            Done
          </Button>
        </>
      )}
    </>
  )
}
