/** A view from a file or a link: what it would show, before it shows anything. And where one is brought from. */
import { Bookmark, FileUp, TriangleAlert } from 'lucide-react'
import { type ChangeEvent, useRef, useState } from 'react'
import type { BroughtView } from '#contract/savedViews'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Strip } from '../../parts/Strip.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { bringFile, bringLink, decided } from '../../state/broughtViews.ts'
import { applyView, askToSave, viewsStore } from '../../state/savedViews.ts'
import { useSource } from '../../state/sources.ts'
import styles from './SavedViews.module.css'
import { ViewContents } from './ViewContents.tsx'

export function BroughtViewDialog() {
  const [first] = viewsStore((s) => s.brought)
  const bringing = viewsStore((s) => s.bringing)
  if (first) return first.kind === 'view' ? <Offer brought={first} /> : <Mistake brought={first} />
  return bringing ? <Bring /> : null
}

function Offer({ brought }: { brought: BroughtView & { kind: 'view' } }) {
  const source = useSource()
  const { name, view, unknown, from } = brought
  const show = (): void => {
    decided()
    void applyView(name, view)
  }
  const save = (): void => {
    decided()
    askToSave(view, name)
  }
  return (
    <Dialog
      open
      onClose={decided}
      icon={Bookmark}
      title={`Show “${name}”?`}
      className={styles['dialog']}
      foot={
        <>
          <span className="grow">{source ? `On ${source.name}; it can be undone.` : 'Open a source to show it on; it can be saved now.'}</span>
          <Button size="large" onClick={save}>
            Save it
          </Button>
          <Button size="large" tone="primary" disabled={source === null} onClick={show}>
            Show the view
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p>
          From <span className="med">{from}</span>. A view filters and arranges; it opens, changes and sends nothing.
        </p>
        {unknown.length > 0 && (
          <Strip tone="warn" icon={TriangleAlert}>
            It has parts that this version does not know: {unknown.join(', ')}.
          </Strip>
        )}
        <ViewContents view={view} />
      </div>
    </Dialog>
  )
}

function Mistake({ brought }: { brought: BroughtView & { kind: 'mistake' } }) {
  return (
    <Dialog
      open
      onClose={decided}
      icon={TriangleAlert}
      title="This is no view"
      className={styles['dialog']}
      foot={
        <>
          <span className="grow" />
          <Button size="large" tone="primary" data-autofocus onClick={decided}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p>
          From <span className="med">{brought.from}</span>
        </p>
        <p role="alert" className="errc">
          {brought.message}
        </p>
      </div>
    </Dialog>
  )
}

function Bring() {
  const file = useRef<HTMLInputElement>(null)
  const [link, setLink] = useState('')
  const [mistake, setMistake] = useState<string | null>(null)
  const close = (): void => viewsStore.setState({ bringing: false })
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const [first] = event.target.files ?? []
    event.target.value = ''
    if (first) void bringFile(first).then(close)
  }
  const open = (): void => {
    if (bringLink(link)) close()
    else setMistake('A link to a view begins with provscope://view?')
  }
  return (
    <Dialog
      open
      onClose={close}
      icon={FileUp}
      title="Open a view"
      className={styles['dialog']}
      foot={
        <>
          <span className="grow">Files end in .provscope-view.json; they can also be dropped on the window.</span>
          <Button size="large" onClick={close}>
            Cancel
          </Button>
          <Button size="large" tone="primary" disabled={link.trim() === ''} onClick={open}>
            Open the link
          </Button>
        </>
      }
    >
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          open()
        }}
      >
        <label className={styles['field']}>
          <span className="t2">Link</span>
          <TextField name="Link to a view" mono placeholder="provscope://view?…" value={link} error={mistake} onChange={(text) => (setMistake(null), setLink(text))} />
        </label>
        <div className={styles['field']}>
          <span className="t2">File</span>
          <span>
            <input ref={file} type="file" hidden accept=".json" aria-label="File of a view" onChange={chosen} />
            <Button icon={FileUp} onClick={() => file.current?.click()}>
              Choose a file…
            </Button>
          </span>
        </div>
      </form>
    </Dialog>
  )
}
