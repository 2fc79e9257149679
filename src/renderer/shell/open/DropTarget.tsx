/** The whole window takes drops. In served mode the files are sent to the engine's machine; the desktop's preload opens them where they lie. */
import { Upload } from 'lucide-react'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { bytesOf } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { bringFile, isViewFile } from '../../state/broughtViews.ts'
import { isDesktop } from '../../state/open.ts'
import { toast } from '../../state/toasts.ts'
import { filesIn, uploadAndOpen, uploads } from '../../state/uploads.ts'
import styles from './DropTarget.module.css'

export function DropTarget({ children }: { children: ReactNode }) {
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')
  const end = (): void => {
    depth.current = 0
    setOver(false)
  }
  const drop = (event: DragEvent): void => {
    end()
    if (!carriesFiles(event)) return
    event.preventDefault()
    if (isDesktop()) return
    void filesIn(event.dataTransfer).then((dropped) => {
      for (const file of dropped.filter(({ name }) => isViewFile(name))) void bringFile(file)
      const files = dropped.filter(({ name }) => !isViewFile(name))
      if (files.length === 0 && dropped.length > 0) return
      if (files.length > 0) return uploadAndOpen(files)
      toast({ tone: 'note', title: 'No buffer among what was dropped', detail: 'Buffers end in .jsonl, .jsonl.gz or .jsonl.zst. An LMDB folder is opened where it lies, with “Open a store”.' })
    })
  }
  return (
    <div
      className={styles['target']}
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return
        depth.current++
        setOver(true)
      }}
      onDragLeave={() => {
        depth.current--
        if (depth.current <= 0) end()
      }}
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className={styles['over']}>
          <Icon of={Upload} />
          Drop to open
        </div>
      )}
      <Sending />
    </div>
  )
}

function Sending() {
  const sending = uploads((s) => s.sending)
  if (!sending) return null
  return (
    <div className={styles['sending']} role="status">
      <div className="row">
        <span className="med grow ell">Sending {sending.files === 1 ? sending.name : `${sending.files} files`} to the engine’s machine</span>
        <Button tone="link" size="small" onClick={sending.stop}>
          Stop
        </Button>
      </div>
      <Progress name="Sending" value={sending.totalBytes === 0 ? null : sending.sentBytes / sending.totalBytes} />
      <span className="f11 t2">{bytesOf(sending.sentBytes, sending.totalBytes)}</span>
    </div>
  )
}
