/** What a file is to be called, and where it goes. */
import { TextField } from '../../parts/TextField.tsx'
import { isDesktop } from '../../state/open.ts'
import css from './ExportDialog.module.css'
import type { FileRun } from './useFileRun.ts'

export function FileNameField({ file: { name, nameMistake }, onName }: { file: FileRun; onName: (name: string) => void }) {
  return (
    <div className={css['naming']}>
      <label htmlFor="export-name" className="t2 f12">
        Name
      </label>
      <TextField id="export-name" name="File name" mono className="grow" value={name} onChange={onName} error={nameMistake} />
      <span className="f11 t3">{isDesktop() ? 'Where to is asked next.' : 'Your browser downloads it when it is complete.'}</span>
    </div>
  )
}
