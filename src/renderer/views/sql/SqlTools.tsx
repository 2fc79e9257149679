/** End of the tab row while SQL is open: an empty page to write on. */
import { Plus } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { useCommands } from '../../state/commands.ts'
import { focusEditor } from './editorFocus.ts'
import { writeText } from './statements.ts'

export function SqlTools() {
  const begin = (): void => {
    writeText('')
    focusEditor()
  }
  useCommands(() => [{ id: 'sql.new', title: 'New query', detail: 'SQL', group: 'Views', run: begin }], [])
  return (
    <Button size="small" icon={Plus} onClick={begin}>
      New query
    </Button>
  )
}
