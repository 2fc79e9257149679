/** Time travel, for the palette and the keyboard. */
import { useCommands } from '../../state/commands.ts'
import { travelInTime } from '../../state/moment.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'

export function useMomentCommands(): void {
  const travelling = useWorkbench((s) => s.moment !== null)
  const open = useWorkbench((s) => s.sourceId !== null)
  useCommands(
    () => [
      {
        id: 'moment',
        group: 'General',
        title: travelling ? 'Back to now' : 'Travel in time',
        ...(!travelling && { detail: 'the run as it was known at any moment' }),
        keys: 'T',
        unavailable: open ? undefined : 'no source is open',
        run: () => (travelling ? workbench.getState().setMoment(null) : void travelInTime())
      }
    ],
    [travelling, open]
  )
}
