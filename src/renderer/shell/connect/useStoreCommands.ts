/** The commands for queues and stores: attaching, opening, transfer. */
import { type Command, useCommands } from '../../state/commands.ts'
import { openAttach } from '../../state/attach.ts'
import { openStoreDialog } from '../../state/open.ts'
import { useSource } from '../../state/sources.ts'
import { openTransfer } from '../../state/transfers.ts'
import { canTransfer, transferSource } from '../transfer/transferSource.ts'

export function useStoreCommands(): void {
  const source = useSource()
  useCommands(() => {
    const commands: Command[] = [
      { id: 'attach', group: 'Sources', title: 'Attach to a queue…', keys: 'Ctrl+L', run: () => openAttach() },
      { id: 'open.store', group: 'Sources', title: 'Open a store…', detail: 'LMDB or MongoDB', keys: 'Ctrl+D', run: () => openStoreDialog() },
      { id: 'transfer', group: 'Sources', title: 'Transfer between stores…', detail: 'LMDB, MongoDB, JSONL', run: () => openTransfer() }
    ]
    if (source && canTransfer(source)) commands.push({ id: 'transfer.source', group: 'Sources', title: 'Transfer this source to a store…', detail: source.name, run: () => void transferSource(source) })
    return commands
  }, [source?.sourceId])
}
