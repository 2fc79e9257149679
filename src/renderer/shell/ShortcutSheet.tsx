/** The `?` sheet: every shortcut that works now, by group, and what the words mean. */
import { BookOpen, Keyboard } from 'lucide-react'
import { Button } from '../parts/Button.tsx'
import { Checkbox } from '../parts/Checkbox.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { KeyCaps } from '../parts/KeyCaps.tsx'
import { Segmented } from '../parts/Segmented.tsx'
import { commandCatalogue, commandGroups } from '../state/commandCatalogue.ts'
import { useCommandList, useShownKeys } from '../state/commands.ts'
import { useSetting } from '../state/settings.ts'
import { openSettings } from '../state/settingsPage.ts'
import { sheetPage, wordList } from '../state/words.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import styles from './ShortcutSheet.module.css'

export function ShortcutSheet() {
  const open = useWorkbench((s) => s.dialog === 'shortcuts')
  const page = sheetPage((s) => s.page)
  const close = (): void => workbench.getState().setDialog(null)
  return (
    <Dialog open={open} onClose={close} icon={page === 'words' ? BookOpen : Keyboard} title={page === 'words' ? 'Words' : 'Shortcuts'} className={styles['sheet']}>
      <div className={styles['head']}>
        <Segmented
          name="Page"
          value={page}
          onChange={(next) => sheetPage.setState({ page: next })}
          options={[
            { value: 'shortcuts', label: 'Shortcuts' },
            { value: 'words', label: 'Words' }
          ]}
        />
      </div>
      {page === 'words' ? <Words /> : <Shortcuts />}
    </Dialog>
  )
}

function Shortcuts() {
  const [singleKeys, setSingleKeys] = useSetting('keys.single')
  const keysOf = useShownKeys()
  // Where the focus is in a list or a drawing, its keys act without being offered.
  const local = commandCatalogue.filter(({ where }) => where === 'lists' || where === 'drawing')
  const commands = [...useCommandList(), ...local].flatMap((command) => {
    const keys = keysOf(command)
    return keys === undefined ? [] : [{ ...command, keys }]
  })
  return (
    <>
      <div className={styles['groups']}>
        {commandGroups
          .filter((group) => commands.some((command) => command.group === group))
          .map((group) => (
            <section key={group}>
              <h3 className={styles['title']}>{group}</h3>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id} className={styles['row']}>
                    <span>{command.title}</span>
                    <KeyCaps keys={command.keys} />
                  </div>
                ))}
            </section>
          ))}
      </div>
      <div className={styles['note']}>
        <Checkbox checked={singleKeys} onChange={setSingleKeys}>
          Single keys, such as / and F
        </Checkbox>
        <Button tone="link" size="small" onClick={() => openSettings('Keyboard')}>
          Change keys…
        </Button>
        <p>Single keys do nothing while you type in a field. In trees, lists and tables the arrow keys move, Home and End jump.</p>
      </div>
    </>
  )
}

function Words() {
  return (
    <dl className={styles['words']}>
      {wordList.map(({ word, means, prov }) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>
            {means}
            {prov !== undefined && <span className={styles['prov']}>W3C PROV: {prov}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
