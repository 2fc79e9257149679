/** Theme and time zone. The theme lands on the document's root, where the tokens look for it. */
import { useEffect, useSyncExternalStore } from 'react'
import { usePref } from './prefs.ts'

export type Theme = 'system' | 'light' | 'dark'
export type Zone = 'utc' | 'local'

export const useTheme = (): [Theme, (theme: Theme) => void] => usePref<Theme>('theme', 'system', (value): value is Theme => value === 'system' || value === 'light' || value === 'dark')

/** Whether times are shown in UTC or in this machine's zone. */
export const useZonePref = (): [Zone, (zone: Zone) => void] => usePref<Zone>('zone', 'utc', (value): value is Zone => value === 'utc' || value === 'local')
export const useZone = (): Zone => useZonePref()[0]

const darkQuery = matchMedia('(prefers-color-scheme: dark)')
const listen = (query: MediaQueryList) => (listener: () => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
const listenDark = listen(darkQuery)

/** The theme in use, `system` resolved. */
export function useResolvedTheme(): 'light' | 'dark' {
  const [theme] = useTheme()
  const systemDark = useSyncExternalStore(listenDark, () => darkQuery.matches)
  return theme === 'system' ? (systemDark ? 'dark' : 'light') : theme
}

const rememberedKey = 'provscope.theme'

/** Sets the theme before the first paint, from what this browser last resolved. */
export function applyThemeEarly(): void {
  document.documentElement.dataset['theme'] = localStorage.getItem(rememberedKey) ?? (darkQuery.matches ? 'dark' : 'light')
}

export function useAppliedTheme(): void {
  const theme = useResolvedTheme()
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
    localStorage.setItem(rememberedKey, theme)
  }, [theme])
}

const mediaListeners = new Map<string, { query: MediaQueryList; listen: (listener: () => void) => () => void }>()

/** Whether a media query holds, followed. */
export function useMedia(condition: string): boolean {
  let media = mediaListeners.get(condition)
  if (!media) {
    const query = matchMedia(condition)
    media = { query, listen: listen(query) }
    mediaListeners.set(condition, media)
  }
  const { query } = media
  return useSyncExternalStore(media.listen, () => query.matches)
}
