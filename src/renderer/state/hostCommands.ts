/** What the desktop's menu asks the page to do: commands by their ids; what is undone in a text field is its text. */
import { commandList, isTextField } from './commands.ts'
import { toast } from './toasts.ts'

export function runHostCommand(id: string): void {
  if ((id === 'undo' || id === 'redo') && isTextField(document.activeElement)) return editText(id)
  const command = commandList().findLast((one) => one.id === id)
  if (command === undefined) return toast({ tone: 'note', title: 'This cannot be done now', detail: 'Open a source first.' })
  if (command.unavailable !== undefined) return toast({ tone: 'note', title: command.title.replace(/…$/, ''), detail: `Not now: ${command.unavailable}.` })
  command.run()
}

/** The one way there is to reach a text field's own steps. */
function editText(id: 'undo' | 'redo'): void {
  document.execCommand(id)
}
