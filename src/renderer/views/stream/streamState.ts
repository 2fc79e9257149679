/** Whether the stream follows, shared between the view and the end of its tab row. */
import { create } from 'zustand'

export const streamState = create<{ following: boolean; newer: number; toggle: () => void }>()(() => ({ following: true, newer: 0, toggle: () => undefined }))
