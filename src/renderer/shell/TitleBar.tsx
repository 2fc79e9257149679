/** The top row: name, the field that opens the palette, times' zone, panels, theme. */
import { Clock, Monitor, Moon, PanelLeft, PanelRight, Search, SlidersHorizontal, Sun } from 'lucide-react'
import { Button } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { ariaKeys, KeyCaps } from '../parts/KeyCaps.tsx'
import { Menu } from '../parts/Menu.tsx'
import { useResolvedTheme, useTheme, useZonePref } from '../state/appearance.ts'
import { useKeysOf } from '../state/commands.ts'
import { openSettings } from '../state/settingsPage.ts'
import { useSource } from '../state/sources.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import { Brand } from './Brand.tsx'
import styles from './TitleBar.module.css'

export function TitleBar() {
  const keys = useKeysOf('palette')
  return (
    <header className={styles['title']} data-region="title">
      <Brand className={styles['brand']} />
      <button type="button" className={styles['command']} aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys)} aria-haspopup="dialog" onClick={() => workbench.getState().setPaletteOpen(true)}>
        <Icon of={Search} size={14} />
        <span className="grow ell">Search, go to a task id, or run a command</span>
        {keys !== undefined && <KeyCaps keys={keys} />}
      </button>
      <span className="grow" />
      <ZoneMenu />
      <PanelToggles />
      <ThemeMenu />
      <IconButton name="Settings" keys={useKeysOf('settings')} icon={SlidersHorizontal} onClick={() => openSettings()} />
    </header>
  )
}

function ZoneMenu() {
  const [zone, setZone] = useZonePref()
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Menu
      trigger={
        <Button tone="ghost" icon={Clock} aria-label={`Times are shown in ${zone === 'utc' ? 'UTC' : local}`}>
          <span>{zone === 'utc' ? 'UTC' : 'Local'}</span>
        </Button>
      }
      items={[
        { kind: 'heading', label: 'Show times in' },
        { label: 'UTC', checked: zone === 'utc', run: () => setZone('utc') },
        { label: 'Local time', detail: local, checked: zone === 'local', run: () => setZone('local') }
      ]}
    />
  )
}

function PanelToggles() {
  const open = useSource() !== null
  const navigatorOpen = useWorkbench((s) => s.navigatorOpen)
  const inspectorOpen = useWorkbench((s) => s.inspectorOpen)
  const [navigatorKeys, inspectorKeys] = [useKeysOf('navigator'), useKeysOf('inspector')]
  if (!open) return null
  return (
    <>
      <IconButton name={navigatorOpen ? 'Hide the navigator' : 'Show the navigator'} keys={navigatorKeys} icon={PanelLeft} pressed={navigatorOpen} onClick={() => workbench.getState().setNavigatorOpen(!navigatorOpen)} />
      <IconButton name={inspectorOpen ? 'Hide the inspector' : 'Show the inspector'} keys={inspectorKeys} icon={PanelRight} pressed={inspectorOpen} onClick={() => workbench.getState().setInspectorOpen(!inspectorOpen)} />
    </>
  )
}

function ThemeMenu() {
  const [theme, setTheme] = useTheme()
  const resolved = useResolvedTheme()
  return (
    <Menu
      trigger={<IconButton name={theme === 'system' ? 'Theme: follows the system' : `Theme: ${theme}`} icon={resolved === 'dark' ? Moon : Sun} />}
      items={[
        { label: 'Like the system', icon: Monitor, checked: theme === 'system', run: () => setTheme('system') },
        { label: 'Light', icon: Sun, checked: theme === 'light', run: () => setTheme('light') },
        { label: 'Dark', icon: Moon, checked: theme === 'dark', run: () => setTheme('dark') }
      ]}
    />
  )
}
