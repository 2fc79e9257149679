/** The workbench: title, navigator, filter bar, view, inspector, panels and status, or the welcome screen while nothing is open. */
import { useEffect } from 'react'
import styles from './App.module.css'
import { GapHatchPattern } from './parts/GapHatch.tsx'
import { TooltipProvider } from './parts/Tooltip.tsx'
import { AboutDialog } from './shell/about/AboutDialog.tsx'
import { BuffersDialog } from './shell/buffers/BuffersDialog.tsx'
import { ConnectDialog } from './shell/connect/ConnectDialog.tsx'
import { useStoreCommands } from './shell/connect/useStoreCommands.ts'
import { CopyCodeDialog } from './shell/copyCode/CopyCodeDialog.tsx'
import { ExportDialog } from './shell/export/ExportDialog.tsx'
import { DropTarget } from './shell/open/DropTarget.tsx'
import { OpenDialog } from './shell/open/OpenDialog.tsx'
import { PlaceDialog } from './shell/open/PlaceDialog.tsx'
import { StoreDialog } from './shell/open/StoreDialog.tsx'
import { DumpDialog } from './shell/live/DumpDialog.tsx'
import { FillDialog } from './shell/live/FillDialog.tsx'
import { useLiveCommands } from './shell/live/useLiveCommands.ts'
import { LiveRegion } from './shell/LiveRegion.tsx'
import { Main } from './shell/Main.tsx'
import { useMomentCommands } from './shell/moment/useMomentCommands.ts'
import { Navigator } from './shell/navigator/Navigator.tsx'
import { Palette } from './shell/palette/Palette.tsx'
import { SettingsDialog } from './shell/settings/SettingsDialog.tsx'
import { ShortcutSheet } from './shell/ShortcutSheet.tsx'
import { StatusBar } from './shell/status/StatusBar.tsx'
import { TitleBar } from './shell/TitleBar.tsx'
import { Toasts } from './shell/Toasts.tsx'
import { TransferDialog } from './shell/transfer/TransferDialog.tsx'
import { SessionDialog } from './shell/restore/SessionDialog.tsx'
import { BroughtViewDialog } from './shell/savedViews/BroughtViewDialog.tsx'
import { SaveViewDialog } from './shell/savedViews/SaveViewDialog.tsx'
import { useViewCommands } from './shell/savedViews/useViewCommands.ts'
import { ViewOptionCommands } from './shell/ViewOptionCommands.tsx'
import { useWatchCommands } from './shell/watches/useWatchCommands.ts'
import { WatchesDialog } from './shell/watches/WatchesDialog.tsx'
import { useShellCommands } from './shell/useShellCommands.ts'
import { useStartedWork } from './shell/useStartedWork.ts'
import { useAppliedTheme, useMedia } from './state/appearance.ts'
import { runKeys } from './state/commands.ts'
import { useEngine, useSource } from './state/sources.ts'
import { useWorkbench, workbench } from './state/workbench.ts'
import { Welcome } from './views/welcome/Welcome.tsx'

export function App() {
  useStartedWork()
  useAppliedTheme()
  useShellCommands()
  useStoreCommands()
  useLiveCommands()
  useMomentCommands()
  useWatchCommands()
  useViewCommands()
  useEffect(() => {
    window.addEventListener('keydown', runKeys)
    return () => window.removeEventListener('keydown', runKeys)
  }, [])
  const source = useSource()
  const connecting = useEngine((s) => s.link.state === 'connecting')
  const drawer = useMedia('(max-width:900px)')
  // In the narrow layout the navigator covers the view: it begins closed there, and open where there is room.
  useEffect(() => workbench.getState().setNavigatorOpen(!drawer), [drawer])
  const navigatorOpen = useWorkbench((s) => s.navigatorOpen)
  return (
    <TooltipProvider>
      <GapHatchPattern />
      <DropTarget>
        <div className={styles['app']}>
          <TitleBar />
          {source ? (
            <div className={styles['body']}>
              {navigatorOpen && <Navigator />}
              <Main source={source} />
            </div>
          ) : connecting ? (
            <main />
          ) : (
            <Welcome />
          )}
          <StatusBar />
        </div>
      </DropTarget>
      <ViewOptionCommands />
      <Palette />
      <OpenDialog />
      <StoreDialog />
      <ConnectDialog />
      <TransferDialog />
      <PlaceDialog />
      <ExportDialog />
      <DumpDialog />
      <FillDialog />
      <WatchesDialog />
      <ShortcutSheet />
      <CopyCodeDialog />
      <BuffersDialog />
      <SettingsDialog />
      <AboutDialog />
      <SessionDialog />
      <SaveViewDialog />
      <BroughtViewDialog />
      <Toasts />
      <LiveRegion />
    </TooltipProvider>
  )
}
