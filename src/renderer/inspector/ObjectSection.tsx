/** The versions of a stored object: size, when, where its bytes lie, their hash, and each to download as it is. */
import { Download } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type JsonObject, parseJson } from '#contract/json'
import type { Result } from '#contract/methods'
import { Button } from '../parts/Button.tsx'
import { bytes, count, dateTime, middle } from '../parts/format.ts'
import { Tag } from '../parts/Tag.tsx'
import { useZone } from '../state/appearance.ts'
import { downloadObject } from '../state/objects.ts'
import { useCall } from '../state/query.ts'
import { toast } from '../state/toasts.ts'
import { JsonTree } from './JsonTree.tsx'
import { Section } from './Section.tsx'
import css from './Inspector.module.css'

type Version = Result<'objects.versions'>['versions'][number]
const shownFirst = 20
const storageWords = { 'in-document': 'in the document', gridfs: 'GridFS', none: 'no bytes' }

export function ObjectSection({ sourceId, objectId, name }: { sourceId: string; objectId: string; /** Of the file that is saved. */ name: string }): ReactNode {
  const { data, error, retry } = useCall('objects.versions', { sourceId, objectId })
  const [shown, setShown] = useState(shownFirst)
  const versions = data?.versions ?? []
  return (
    <Section id="versions" title="Versions" figure={data ? count(versions.length) : ''} aside={<span className="f11 t3">bytes as they are, never unpickled</span>}>
      {error && (
        <p className={css['note']} role="alert">
          {error.message}{' '}
          <button type="button" className={css['inlineLink']} onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {data && data.withoutBytes !== null && <p className={css['note']}>{data.withoutBytes}</p>}
      {data && versions.length === 0 && data.withoutBytes === null && <p className={css['note']}>No version of it is stored.</p>}
      {!data && !error && <p className={css['note']}>Asking the store…</p>}
      <ul>
        {versions.slice(0, shown).map((version, index) => (
          <VersionRow key={version.version} version={version} latest={index === 0 && versions.length > 1} hasBytes={data?.withoutBytes === null && version.storage !== 'none'} onDownload={() => downloadObject({ sourceId, objectId, version: version.version, name: versions.length > 1 ? `${name}-v${version.version}` : name })} />
        ))}
      </ul>
      {versions.length > shown && (
        <button type="button" className={css['more']} onClick={() => setShown(shown + 100)}>
          Show more of {count(versions.length)} versions
        </button>
      )}
    </Section>
  )
}

function VersionRow({ version: { version, sizeBytes, sha256, createdAt, storage, type, document }, latest, hasBytes, onDownload }: { version: Version; latest: boolean; hasBytes: boolean; onDownload: () => Promise<void> }): ReactNode {
  const zone = useZone()
  const [busy, setBusy] = useState(false)
  const [open, setOpen] = useState(false)
  const metadata = open ? objectOf(document) : null
  const save = (): void => {
    setBusy(true)
    void onDownload().finally(() => setBusy(false))
  }
  return (
    <li className={css['version']}>
      <div className={css['versionHead']}>
        <span className="med">Version {version}</span>
        {latest && <Tag>latest</Tag>}
        <span className="grow t2 ell" title={sizeBytes === null ? undefined : `${count(sizeBytes)} bytes`}>
          {sizeBytes === null ? 'size not known' : bytes(sizeBytes)}
        </span>
        {hasBytes && (
          <Button size="small" icon={Download} disabled={busy} aria-label={`Download version ${version}`} onClick={save}>
            {busy ? 'Writing…' : 'Download'}
          </Button>
        )}
      </div>
      <div className="f11 t2">
        {[createdAt === null ? null : dateTime(createdAt, zone), storageWords[storage], type].filter(Boolean).join(' · ')}
      </div>
      {sha256 !== null && (
        <button type="button" className={css['hash']} title={`sha256 ${sha256}: click to copy`} aria-label={`Copy the sha256 of version ${version}`} onClick={() => void copyHash(sha256)}>
          sha256 {middle(sha256, 26)}
        </button>
      )}
      <div>
        <button type="button" className={css['inlineLink']} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide metadata' : 'Metadata'}
        </button>
      </div>
      {metadata && (
        <div className={css['versionTree']}>
          <JsonTree value={metadata} units={null} path="" />
        </div>
      )}
    </li>
  )
}

async function copyHash(sha256: string): Promise<void> {
  await navigator.clipboard.writeText(sha256).then(
    () => toast({ tone: 'done', title: 'Copied the sha256' }),
    (error: unknown) => toast({ tone: 'failed', title: 'Not copied', detail: String(error) })
  )
}

function objectOf(text: string): JsonObject {
  const value = parseJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { document: value }
}
