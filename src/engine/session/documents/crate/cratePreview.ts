/** The crate's preview page: what it holds, for who opens it without a reader of crates. */
import { html, type Html } from '../html.ts'
import { htmlPage } from '../htmlPage.ts'
import type { CrateMetadata } from './crateMetadata.ts'
import type { Entity, Reference } from './crateGraph.ts'

/** Actions beyond these are counted. */
const mostActions = 500

export function cratePreview({ actions, files, root }: CrateMetadata): string {
  const shown = actions.slice(0, mostActions)
  const left = actions.length - shown.length
  return htmlPage(
    `${String(root['name'])} · RO-Crate`,
    html`<header><p class="sub">Process Run Crate</p><h1>${String(root['name'])}</h1><p>${String(root['description'])}</p>
<p class="sub">Published ${String(root['datePublished'])} · licence: ${String(root['license'])} · <a href="ro-crate-metadata.json">ro-crate-metadata.json</a></p></header>
<section><h2>Files</h2><div class="wide"><table><thead><tr><th>File</th><th>What it is</th><th>Format</th><th class="n">Bytes</th></tr></thead><tbody>${files.map(fileRow)}</tbody></table></div></section>
<section><h2>Actions</h2><div class="wide"><table><thead><tr><th>Action</th><th>Started</th><th>Ended</th><th>Status</th><th class="n">Inputs</th><th class="n">Outputs</th></tr></thead><tbody>${shown.map(actionRow)}</tbody></table></div>
${left > 0 ? html`<p class="note">${left.toLocaleString('en-US')} more are in the metadata file.</p>` : null}</section>`
  )
}

function fileRow(file: Entity): Html {
  return html`<tr><td><a href="${file['@id']}">${file['@id']}</a></td><td>${String(file['name'])}</td><td>${String(file['encodingFormat'])}</td><td class="n">${Number(file['contentSize']).toLocaleString('en-US')}</td></tr>`
}

function actionRow(action: Entity): Html {
  const count = (key: string): number => ((action[key] as readonly Reference[] | undefined) ?? []).length
  const status = (action['actionStatus'] as Reference | undefined)?.['@id'].replace(/^.*\/|ActionStatus$/g, '') ?? ''
  return html`<tr><td>${String(action['name'])}<br><code class="sub">${String(action['identifier'])}</code></td><td>${text(action['startTime'])}</td><td>${text(action['endTime'])}</td><td>${status}</td><td class="n">${count('object')}</td><td class="n">${count('result')}</td></tr>`
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '–'
}
