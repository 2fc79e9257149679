/** The bottom row: what is loaded, how much of it the scope leaves, selection, problems, memory, version. */
import { AlertTriangle, CircleCheck, CircleDot, Keyboard, LoaderCircle, OctagonX, Radio, ShieldCheck, Unplug } from 'lucide-react'
import { useEffect } from 'react'
import type { Source } from '#contract/sources'
import { call } from '../../connection/call.ts'
import { classes } from '../../parts/classes.ts'
import { bytes, bytesOf, count, counted, percent, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { Term } from '../../parts/Term.tsx'
import { engine, useEngine, useSource } from '../../state/sources.ts'
import { singular, useMatching } from '../../state/useMatching.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { TransferCell } from '../transfer/TransferCell.tsx'
import { WatchBell } from '../watches/WatchBell.tsx'
import { Cell } from './Cell.tsx'
import { LiveFlow, OfLive } from './LiveStatus.tsx'
import styles from './StatusBar.module.css'
import { useKeysOf } from '../../state/commands.ts'
import { settingsStore } from '../../state/settings.ts'
import { openSettings } from '../../state/settingsPage.ts'
import { words } from '../../state/words.ts'

export function StatusBar() {
  const source = useSource()
  const link = useEngine((s) => s.link)
  return (
    <footer className={styles['status']} aria-label="Status" data-region="status">
      {link.state === 'lost' || link.state === 'refused' ? (
        <Cell>
          <Icon of={Unplug} size={12} className="errc" />
          Disconnected
        </Cell>
      ) : null}
      {source?.live ? <OfLive source={source} live={source.live} /> : source ? <OfSource source={source} /> : <OfNothing />}
      <span className="grow" />
      <TransferCell />
      <WatchBell />
      {source?.live ? <LiveFlow live={source.live} /> : source && <Cell late><Term {...words.message}>{counted(source.counts.messages, 'message')}</Term></Cell>}
      <OfHost />
    </footer>
  )
}

function OfNothing() {
  return (
    <>
      <Cell>No source open</Cell>
      <Cell>
        <Icon of={ShieldCheck} size={12} className="okc" />
        Reads only. Nothing leaves this machine.
      </Cell>
    </>
  )
}

function OfSource({ source }: { source: Source }) {
  const { records, matching, total } = useMatching()
  const selection = useWorkbench((s) => s.selection)
  const selectedIds = useWorkbench((s) => s.selectedIds)
  const panel = useWorkbench((s) => s.panel)
  const chosen = Math.max(selectedIds.length, selection ? 1 : 0)
  return (
    <>
      <Cell>
        <Loaded source={source} />
      </Cell>
      <Cell>
        <b>{matching === null ? '…' : count(matching)}</b> of {count(total)} {total === 1 ? singular(records) : records}
        {source.state === 'reading' && ' so far'}
      </Cell>
      {chosen > 0 && <Cell late>{count(chosen)} selected</Cell>}
      {source.problems > 0 ? (
        <button type="button" className={classes(styles['cell'], styles['button'])} aria-expanded={panel === 'problems'} onClick={() => workbench.getState().setPanel(panel === 'problems' ? null : 'problems')}>
          <Icon of={AlertTriangle} size={12} className="waitc" />
          {counted(source.problems, 'problem')}
        </button>
      ) : (
        source.state !== 'reading' && <Cell late>No problems</Cell>
      )}
      {source.following && (
        <Cell late>
          <Icon of={Radio} size={12} className="runc" />
          <Term {...words.follow}>Following</Term>
        </Cell>
      )}
    </>
  )
}

function Loaded({ source }: { source: Source }) {
  const { state, readBytes, totalBytes, loadSeconds, name } = source
  switch (state) {
    case 'reading':
      return (
        <>
          <Icon of={LoaderCircle} size={12} className="runc" />
          Reading {totalBytes === null ? `${name}, ${bytes(readBytes)}` : bytesOf(readBytes, totalBytes)}
        </>
      )
    case 'stopped':
      return (
        <>
          <Icon of={CircleDot} size={12} className="waitc" />
          {totalBytes ? `${percent(readBytes / totalBytes)} read` : `${bytes(readBytes)} read`}
        </>
      )
    case 'failed':
      return (
        <>
          <Icon of={OctagonX} size={12} className="errc" />
          {source.error ?? 'Could not be read'}
        </>
      )
    case 'ready':
      return (
        <>
          <Icon of={CircleCheck} size={12} className="okc" />
          {/* A followed file is read for as long as it grows: how long that took says nothing. */}
          {source.following ? 'Read' : 'Loaded'} {bytes(readBytes)}
          {loadSeconds !== null && !source.following && ` in ${seconds(loadSeconds, 1)}`}
        </>
      )
  }
}

/** Where the file of settings holds what cannot be. */
function OfSettings() {
  const wrong = settingsStore(({ listed }) => (listed === null ? 0 : listed.settings.filter(({ problem }) => problem !== null).length + (listed.problem === null ? 0 : 1) + listed.unknown.length))
  if (wrong === 0) return null
  return (
    <button type="button" className={classes(styles['cell'], styles['button'])} title="Something in the file of settings cannot be used" onClick={() => openSettings()}>
      <Icon of={AlertTriangle} size={12} className="waitc" />
      {counted(wrong, 'setting')}
    </button>
  )
}

const memoryEveryMs = 5000

function OfHost() {
  const host = useEngine((s) => s.host)
  const open = useSource() !== null
  const keys = useKeysOf('shortcuts')
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden || engine.getState().link.state !== 'live') return
      void call('host.info', {}).then((reply) => reply.ok && engine.setState({ host: reply.value }))
    }, memoryEveryMs)
    return () => clearInterval(timer)
  }, [])
  if (!host) return null
  return (
    <>
      <Cell late>Memory {host.memory.limitBytes > 0 ? bytesOf(host.memory.usedBytes, host.memory.limitBytes) : bytes(host.memory.usedBytes)}</Cell>
      <Cell late>{open ? host.host === 'served' ? `On ${host.hostname}` : `Provscope ${host.version}` : `Provscope ${host.version}`}</Cell>
      <OfSettings />
      <button type="button" className={classes(styles['cell'], styles['button'])} aria-label="All shortcuts" onClick={() => workbench.getState().setDialog('shortcuts')}>
        {keys === undefined ? <Icon of={Keyboard} size={12} /> : <KeyCaps keys={keys} />}
      </button>
    </>
  )
}
