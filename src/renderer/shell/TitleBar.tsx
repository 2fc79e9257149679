/** The top row: name, the field that opens the palette, times' zone, panels, theme. */
import { Clock, Monitor, Moon, PanelLeft, PanelRight, Search, Sun } from 'lucide-react'
import { Button } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { KeyCaps } from '../parts/KeyCaps.tsx'
import { Menu } from '../parts/Menu.tsx'
import { useResolvedTheme, useTheme, useZonePref } from '../state/appearance.ts'
import { useSource } from '../state/sources.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import { Brand } from './Brand.tsx'
import styles from './TitleBar.module.css'

export function TitleBar() {
  return (
    <header className={styles['title']} data-region="title">
      <Brand className={styles['brand']} />
      <button type="button" className={styles['command']} aria-keyshortcuts="Control+K" aria-haspopup="dialog" onClick={() => workbench.getState().setPaletteOpen(true)}>
        <Icon of={Search} size={14} />
        <span className="grow ell">Search, go to a task id, or run a command</span>
        <KeyCaps keys="Ctrl+K" />
      </button>
      <span className="grow" />
      <ZoneMenu />
      <PanelToggles />
      <ThemeMenu />
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
  if (!open) return null
  return (
    <>
      <IconButton name={navigatorOpen ? 'Hide the navigator' : 'Show the navigator'} keys="Ctrl+B" icon={PanelLeft} pressed={navigatorOpen} onClick={() => workbench.getState().setNavigatorOpen(!navigatorOpen)} />
      <IconButton name={inspectorOpen ? 'Hide the inspector' : 'Show the inspector'} keys="Ctrl+I" icon={PanelRight} pressed={inspectorOpen} onClick={() => workbench.getState().setInspectorOpen(!inspectorOpen)} />
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
