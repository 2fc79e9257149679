/** Which editor of the filter bar is open; a command may open one from anywhere. */
import { create } from 'zustand'

const store = create<{ adding: boolean; /** The column that a new condition begins with. */ column: string | null }>()(() => ({ adding: false, column: null }))

export const openAddFilter = (column: string | null = null): void => store.setState({ adding: true, column })

export function useFilterPopovers(): { adding: boolean; setAdding: (adding: boolean) => void; column: string | null } {
  return { ...store(), setAdding: (adding) => store.setState({ adding, column: null }) }
}
