/** A condition of the filter bar: seen as field, operator and value, edited in a popover. */
import { useState } from 'react'
import { Chip, chipWords } from '../../parts/Chip.tsx'
import { middle } from '../../parts/format.ts'
import { Popover } from '../../parts/Popover.tsx'
import { conditionOf } from '../../state/filterValue.ts'
import { phraseOf, wordsOf } from '../../state/filterWords.ts'
import type { Chip as ChipOfScope } from '../../state/scope.ts'
import { workbench } from '../../state/workbench.ts'
import { ConditionEditor } from './ConditionEditor.tsx'
import styles from './FilterBar.module.css'
import { JsonEditor } from './JsonEditor.tsx'

const longestValue = 28

export function FilterChip({ chip }: { chip: ChipOfScope }) {
  const [open, setOpen] = useState(false)
  const words = wordsOf(chip.filter)
  const { toggleChip, changeChip } = workbench.getState()
  const simple = conditionOf(chip.filter) !== null
  return (
    <Popover
      name="Change the condition"
      keepFocus
      className={simple ? styles['editor'] : styles['json']}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Chip name={phraseOf(chip.filter)} off={!chip.on} onOpen={() => setOpen(true)} onToggle={() => toggleChip(chip.key)} onRemove={() => changeChip(chip.key, null)}>
          {'json' in words ? (
            <span className={`${chipWords.value} mono`}>{middle(words.json, longestValue)}</span>
          ) : (
            <>
              <span className={`${chipWords.field} mono ell`}>{words.field}</span>
              {words.operator !== '' && <span className={chipWords.operator}>{words.operator}</span>}
              {words.value !== '' && <span className={`${chipWords.value} mono`}>{middle(words.value, longestValue)}</span>}
            </>
          )}
        </Chip>
      }
    >
      {simple ? (
        <ConditionEditor
          initial={chip.filter}
          onDone={(filter) => {
            setOpen(false)
            if (filter) changeChip(chip.key, filter)
          }}
        />
      ) : (
        <JsonEditor chip={chip} onDone={() => setOpen(false)} />
      )}
    </Popover>
  )
}
