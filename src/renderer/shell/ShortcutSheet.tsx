/** Every shortcut that works now, by group. */
import { Keyboard } from 'lucide-react'
import { Checkbox } from '../parts/Checkbox.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { KeyCaps } from '../parts/KeyCaps.tsx'
import { singleKeysPref, useCommandList } from '../state/commands.ts'
import { usePref } from '../state/prefs.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import styles from './ShortcutSheet.module.css'

export function ShortcutSheet() {
  const open = useWorkbench((s) => s.dialog === 'shortcuts')
  const [singleKeys, setSingleKeys] = usePref(singleKeysPref, true)
  const commands = useCommandList().filter((command) => command.keys !== undefined)
  const groups = [...new Set(commands.map((command) => command.group))]
  return (
    <Dialog open={open} onClose={() => workbench.getState().setDialog(null)} icon={Keyboard} title="Shortcuts" className={styles['sheet']}>
      <div className={styles['groups']}>
        {groups.map((group) => (
          <section key={group}>
            <h3 className={styles['title']}>{group}</h3>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <div key={command.id} className={styles['row']}>
                  <span>{command.title}</span>
                  <KeyCaps keys={command.keys ?? ''} />
                </div>
              ))}
          </section>
        ))}
      </div>
      <div className={styles['note']}>
        <Checkbox checked={singleKeys} onChange={setSingleKeys}>
          Single keys, such as / and F
        </Checkbox>
        <p>They do nothing while you type in a field. In trees, lists and tables the arrow keys move, Home and End jump.</p>
      </div>
    </Dialog>
  )
}
