/** What telemetry says, in short: how many tasks measured what, and its course over the run. */
import type { Result } from '#contract/methods'
import { html, type Html } from '../html.ts'
import { bytesText, counted, number } from './reportText.ts'

type Metric = Result<'overview.series'>['metrics'][number]

const [width, height] = [260, 44]
const names: Record<Metric['metric'], string> = { cpu: 'CPU', memory: 'Memory', disk_write: 'Written to disk', network: 'Network', gpu: 'GPU' }

export function telemetryHtml({ concurrency, hostsLeftOut, metrics }: Result<'overview.series'>, { activities }: Result<'overview.activities'>): Html {
  const measured = metrics.filter(({ tasks }) => tasks > 0)
  const head = html`<dl class="facts"><div><dt>Tasks at once, at most</dt><dd>${number(concurrency.peak)}</dd>${line(concurrency.mean)}</div>${measured.map(metricHtml)}</dl>`
  if (measured.length === 0) return html`${head}<p class="note">No task measured anything${activities.some(({ cpuSeconds }) => cpuSeconds !== null) ? ' over the run' : ''}.</p>`
  return html`${head}${hostsLeftOut > 0 ? html`<p class="note">The courses are those of the busiest host; ${counted(hostsLeftOut, 'other is', 'others are')} not drawn.</p>` : null}`
}

function metricHtml({ hosts, mean, metric, tasks, unit }: Metric): Html {
  return html`<div><dt>${names[metric]}, mean of ${counted(tasks, 'task')}</dt><dd>${valueText(mean, unit)}</dd>${hosts.slice(0, 1).map(({ values }) => line(values))}</div>`
}

function valueText(value: number, unit: string): string {
  return /^(?:B|bytes)$/i.test(unit) ? bytesText(value) : /^(?:B|bytes)\/s$/i.test(unit) ? `${bytesText(value)}/s` : `${number(value)} ${unit}`
}

/** Broken where nothing was measured. */
function line(values: readonly (number | null)[]): Html {
  const known = values.filter((value) => value !== null)
  const [least, most] = [known.reduce((a, b) => Math.min(a, b), 0), known.reduce((a, b) => Math.max(a, b), 0)]
  const span = most - least || 1
  let path = ''
  let isOn = false
  for (const [at, value] of values.entries()) {
    if (value !== null) path += `${isOn ? 'L' : 'M'}${Math.round((at / Math.max(1, values.length - 1)) * width)} ${(height - 2 - ((value - least) / span) * (height - 4)).toFixed(1)}${isOn ? '' : 'h.01'}`
    isOn = value !== null
  }
  return html`<svg aria-hidden="true" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><path class="line" d="${path}"/></svg>`
}
