/** Where to: destinations in groups as one radio group, and the presets below; in narrow windows a field to choose from. */
import { Bookmark, X } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import type { DestinationId } from '../../state/exportChoice.ts'
import { destinationOf, destinations, groups } from './destinations.ts'
import css from './ExportDialog.module.css'
import type { ExportPreset } from './exportPresets.ts'

type ListProps = { to: DestinationId; onChoose: (to: DestinationId) => void; presets: ExportPreset[]; onPreset: (preset: ExportPreset) => void; onForget: (name: string) => void }

export function DestinationList({ to, onChoose, presets, onPreset, onForget }: ListProps) {
  return (
    <nav className={css['destinations']} aria-label="Destinations">
      <RadioGroup.Root aria-label="Where to" value={to} orientation="vertical" onValueChange={(next) => onChoose(next as DestinationId)}>
        {groups.map((group) => (
          <div key={group.name} role="presentation">
            <div className={css['groupName']} aria-hidden="true">
              {group.name}
            </div>
            {group.destinations.map(({ id, name, detail, icon }) => (
              <RadioGroup.Item key={id} value={id} className={css['destination']}>
                <Icon of={icon} size={14} />
                <span className={css['destinationWords']}>
                  <span className="med ell">{name}</span> <span className="f11 t3 ell">{detail}</span>
                </span>
              </RadioGroup.Item>
            ))}
          </div>
        ))}
      </RadioGroup.Root>
      {presets.length > 0 && (
        <>
          <h3 id="export-presets" className={css['groupName']}>
            Presets
          </h3>
          <ul aria-labelledby="export-presets">
            {presets.map((preset) => (
              <li key={preset.name} className={css['preset']}>
                <button type="button" className={css['presetUse']} title={`${preset.name}: ${destinationOf(preset.choice.to).name}`} onClick={() => onPreset(preset)}>
                  <Icon of={Bookmark} size={14} />
                  <span className={css['destinationWords']}>
                    <span className="med ell">{preset.name}</span> <span className="f11 t3 ell">{destinationOf(preset.choice.to).name}</span>
                  </span>
                </button>
                <IconButton small name={`Delete the preset ${preset.name}`} icon={X} onClick={() => onForget(preset.name)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </nav>
  )
}

const presetKey = 'preset '

/** The same in one line. */
export function DestinationField({ to, onChoose, presets, onPreset }: ListProps) {
  const options = [...destinations.map(({ id, name, detail }) => ({ value: id as string, label: `${name}, ${detail}` })), ...presets.map(({ name }) => ({ value: `${presetKey}${name}`, label: `Preset: ${name}` }))]
  const choose = (value: string): void => {
    const preset = presets.find(({ name }) => value === `${presetKey}${name}`)
    if (preset) onPreset(preset)
    else onChoose(value as DestinationId)
  }
  return (
    <div className={css['destinationField']}>
      <span className="t2 f12" aria-hidden="true">
        To
      </span>
      <SelectField className={css['fill']} name="Where to" value={to as string} options={options} onChange={choose} />
    </div>
  )
}
