/** Theme, contrast, movement and time zone. The first three land on the document's root, where the tokens look for them. */
import { useEffect, useSyncExternalStore } from 'react'
import type { SettingValues } from '#contract/settingList'
import { useSetting } from './settings.ts'

export type Theme = SettingValues['theme']
export type Zone = SettingValues['zone']

export const useTheme = (): [Theme, (theme: Theme) => void] => useSetting('theme')

/** Whether times are shown in UTC or in this machine's zone. */
export const useZonePref = (): [Zone, (zone: Zone) => void] => useSetting('zone')
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
  const [contrast] = useSetting('contrast')
  const [motion] = useSetting('motion')
  useEffect(() => {
    document.documentElement.toggleAttribute('data-more-contrast', contrast === 'more')
    document.documentElement.toggleAttribute('data-still', motion === 'none')
  }, [contrast, motion])
}

/** Whether lines and secondary text are drawn stronger. */
export function useMoreContrast(): boolean {
  const system = useMedia('(prefers-contrast: more)')
  const [contrast] = useSetting('contrast')
  return system || contrast === 'more'
}

/** Whether nothing is to move: asked for here or of the system. */
export function useStill(): boolean {
  const system = useMedia('(prefers-reduced-motion: reduce)')
  const [motion] = useSetting('motion')
  return system || motion === 'none'
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
