/** The bookmark in the filter bar: saves what is shown, and shows what was saved. */
import { Bookmark, ChevronDown } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Menu } from '../../parts/Menu.tsx'
import { useSavedViews, viewsStore } from '../../state/savedViews.ts'
import { itemsOfPresent } from './savedViewMenu.ts'
import styles from './SavedViews.module.css'

export function ViewsButton() {
  const views = useSavedViews()
  const currentId = viewsStore((s) => s.currentId)
  return (
    <Menu
      name="Views"
      trigger={
        <Button icon={Bookmark} className={styles['button']} aria-label="Views: save, show, share">
          <Icon of={ChevronDown} size={12} className="t3" />
        </Button>
      }
      items={itemsOfPresent(views, currentId)}
    />
  )
}
