/** Files dropped on the page of a served workbench, on their way to the machine of the engine, opened together when all are there. */
import { create } from 'zustand'
import { upload } from '../connection/upload.ts'
import { openHandles } from './open.ts'
import { toast } from './toasts.ts'

export type Sending = { name: string; files: number; sentBytes: number; totalBytes: number; stop: () => void }
export const uploads = create<{ sending: Sending | null }>()(() => ({ sending: null }))

export async function uploadAndOpen(files: File[]): Promise<void> {
  const controller = new AbortController()
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0)
  const handles: string[] = []
  let before = 0
  for (const file of files) {
    const show = (sentBytes: number): void => uploads.setState({ sending: { name: file.name, files: files.length, sentBytes: before + sentBytes, totalBytes, stop: () => controller.abort() } })
    show(0)
    const sent = await upload(file, { onProgress: show, signal: controller.signal })
    if ('message' in sent) {
      uploads.setState({ sending: null })
      return toast({ tone: controller.signal.aborted ? 'note' : 'failed', title: sent.message })
    }
    handles.push(sent.handle)
    before += file.size
  }
  uploads.setState({ sending: null })
  await openHandles(handles)
}

const bufferName = /\.jsonl(\.gz|\.zst)?$/i

/** Every buffer in what was dropped, folders opened. */
export async function filesIn(transfer: DataTransfer): Promise<File[]> {
  // Entries and files can only be taken while the event is handled: before anything is awaited.
  const dropped = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found = await Promise.all(
    dropped.map(({ entry, file }) => {
      if (entry?.isDirectory) return filesOfFolder(entry as FileSystemDirectoryEntry)
      return file ? [Promise.resolve(file)] : []
    })
  )
  return Promise.all(found.flat())
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject))

async function filesOfFolder(folder: FileSystemDirectoryEntry): Promise<Promise<File>[]> {
  const reader = folder.createReader()
  const found: Promise<File>[] = []
  for (;;) {
    // A reader gives at most a hundred entries at a time.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (entries.length === 0) return found
    for (const entry of entries) {
      if (entry.isDirectory) found.push(...(await filesOfFolder(entry as FileSystemDirectoryEntry)))
      else if (bufferName.test(entry.name)) found.push(fileOf(entry as FileSystemFileEntry))
    }
  }
}
