/** Asks for the name of a view to be saved, and whether one is to be deleted. */
import { BookmarkPlus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { deleteView, saveView, useSavedViews, viewsStore } from '../../state/savedViews.ts'
import styles from './SavedViews.module.css'
import { ViewContents } from './ViewContents.tsx'

export function SaveViewDialog() {
  const saving = viewsStore((s) => s.saving)
  const deleting = viewsStore((s) => s.deleting)
  if (deleting) return <Delete key={deleting.viewId} deleting={deleting} />
  return saving && <Save key={saving.viewId ?? 'new'} saving={saving} />
}

function Save({ saving }: { saving: NonNullable<ReturnType<typeof viewsStore.getState>['saving']> }) {
  const views = useSavedViews()
  const [name, setName] = useState(saving.name)
  const [mistake, setMistake] = useState<string | null>(null)
  const rename = saving.viewId !== null
  const taken = views.find((one) => one.name === name.trim() && one.viewId !== saving.viewId)
  const close = (): void => viewsStore.setState({ saving: null })
  const save = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault()
    if (name.trim() === '') return setMistake('A view needs a name.')
    setMistake(await saveView({ viewId: saving.viewId ?? taken?.viewId ?? null, name: name.trim(), view: saving.view }))
  }
  const words = rename ? 'Rename' : taken ? `Replace “${taken.name}”` : 'Save the view'
  return (
    <Dialog
      open
      onClose={close}
      icon={BookmarkPlus}
      title={rename ? 'Rename the view' : 'Save as a view'}
      className={styles['dialog']}
      foot={
        <>
          <span className="grow">{taken && !rename ? 'There is one of this name: it would be replaced.' : ''}</span>
          <Button size="large" onClick={close}>
            Cancel
          </Button>
          <Button size="large" tone="primary" disabled={rename && taken !== undefined} onClick={() => void save()}>
            {words}
          </Button>
        </>
      }
    >
      <form className={styles['form']} onSubmit={(event) => void save(event)}>
        <label className={styles['field']}>
          <span className="t2">Name</span>
          <TextField name="Name of the view" value={name} maxLength={200} error={mistake ?? (rename && taken ? 'Another view has this name.' : null)} onFocus={(event) => event.target.select()} onChange={setName} />
        </label>
        <ViewContents view={saving.view} />
      </form>
    </Dialog>
  )
}

function Delete({ deleting }: { deleting: NonNullable<ReturnType<typeof viewsStore.getState>['deleting']> }) {
  const close = (): void => viewsStore.setState({ deleting: null })
  const remove = (): void => {
    close()
    void deleteView(deleting)
  }
  return (
    <Dialog
      open
      onClose={close}
      icon={Trash2}
      title={`Delete “${deleting.name}”?`}
      className={styles['dialog']}
      foot={
        <>
          <span className="grow" />
          <Button size="large" onClick={close}>
            Keep it
          </Button>
          <Button size="large" tone="primary" data-autofocus onClick={remove}>
            Delete the view
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p>The saved view goes; the records stay as they are.</p>
        <ViewContents view={deleting.view} />
      </div>
    </Dialog>
  )
}
