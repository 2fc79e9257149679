/** The manifest of an export, folded; open, a key and its value a line. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { toast } from '../../state/toasts.ts'
import css from './ExportDialog.module.css'
import { manifestLines, shortened } from './manifestLines.ts'

export function ManifestView({ name, text }: { name: string; text: string }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div>
      <div className="row">
        <button type="button" className={css['fold']} aria-expanded={open} aria-controls={id} aria-label={`Manifest of ${name}`} onClick={() => setOpen(!open)}>
          <Icon of={open ? ChevronDown : ChevronRight} size={12} />
          Manifest
        </button>
        <span className="grow" />
        {open && <CopyButton name={`Copy the manifest of ${name}`} text={text} onFailed={(why) => toast({ tone: 'failed', title: 'Not copied', detail: why })} />}
      </div>
      <dl id={id} className={css['manifest']} hidden={!open}>
        {open &&
          manifestLines(text).map(({ key, value, depth }, index) => (
            <div key={index} data-depth={Math.min(depth, 2)}>
              <dt title={key}>{key}</dt>
              <dd title={value}>{shortened(value)}</dd>
            </div>
          ))}
      </dl>
    </div>
  )
}
