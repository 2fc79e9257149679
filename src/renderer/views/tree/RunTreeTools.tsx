/** How siblings are ordered, whether repeated ones are folded, and closing what is open. */
import { ListCollapse, ListTree } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { treeActs, type TreeSort, useTreeFold, useTreeSort } from './treeState.ts'

const orders: { value: TreeSort; label: string }[] = [
  { value: 'errors', label: 'Errors first' },
  { value: 'start', label: 'By start' },
  { value: 'duration', label: 'Longest first' },
  { value: 'name', label: 'By name' }
]

export function RunTreeTools() {
  const [sort, setSort] = useTreeSort()
  const [fold, setFold] = useTreeFold()
  return (
    <>
      <SelectField name="Order of siblings" value={sort} options={orders} onChange={setSort} />
      <Button size="small" icon={ListTree} aria-pressed={fold} onClick={() => setFold(!fold)}>
        Fold repeated
      </Button>
      <IconButton small name="Close all" icon={ListCollapse} onClick={() => treeActs.setState(({ closed }) => ({ closed: closed + 1 }))} />
    </>
  )
}
