/** Task messages as Flowcept publishes them, made fast: one is packed, and of each further one only what differs is written into a copy. */
import { Packr } from 'msgpackr'

const idLength = 12
const idMark = '\u0001'.repeat(idLength)
const startMark = 1234567890.015625
const endMark = 1234567891.015625

/** @param {number} bytes about how long a message is: a task with telemetry of processor and memory at both ends takes some 1,200, the rest is filled up in `used` */
export function messageMaker(bytes) {
  const packr = new Packr({ useRecords: false, variableMapSize: true })
  const pack = (filling) => Buffer.from(packr.pack(task('x'.repeat(filling))))
  const template = pack(Math.max(0, bytes - pack(0).length))
  const ids = placesOf(template, Buffer.from(idMark, 'latin1'))
  const starts = placesOf(template, double(startMark))
  const ends = placesOf(template, double(endMark))
  /** @param {number} index of this message @param {number} at epoch seconds */
  return (index, at) => {
    const copy = Buffer.from(template)
    const id = String(index).padStart(idLength, '0')
    for (const place of ids) copy.write(id, place, 'latin1')
    for (const place of starts) copy.writeDoubleBE(at - 0.25, place)
    for (const place of ends) copy.writeDoubleBE(at, place)
    return copy
  }
}

/** The task_id of a message. */
export const taskId = (index) => String(index).padStart(idLength, '0')

function task(filling) {
  return {
    task_id: idMark,
    activity_id: 'simulate',
    workflow_id: '5f0c9a1e-6d1b-4a0e-9b39-5f4a27c0d001',
    campaign_id: '3fe8579f-6b1b-416c-b7df-6ba8073a2555',
    used: { station: 'ALB', step: 24, dt: 0.125, note: filling },
    generated: { loss: 0.125, residuals: [0.5, 0.25, 0.125] },
    started_at: startMark,
    ended_at: endMark,
    hostname: 'node0421',
    status: 'FINISHED',
    telemetry_at_start: telemetry(0),
    telemetry_at_end: telemetry(0.75),
    type: 'task'
  }
}

function telemetry(later) {
  return {
    cpu: { times_avg: { user: 1300.25 + later, nice: 0.8125, system: 406.5 + later, idle: 2973.875, iowait: 34.0625, irq: 0.5, softirq: 9.0625, steal: 4.4375 }, percent_all: 79.9, frequency: 2596.142 },
    memory: {
      virtual: { total: 25276227584, available: 23184023552, percent: 8.3, used: 1735716864, free: 20373389312, active: 1412231168, inactive: 2931044352, buffers: 317440000, cached: 2849681408, shared: 1605632 },
      swap: { total: 0, used: 0, free: 0, percent: 0.5, sin: 0, sout: 0 }
    }
  }
}

function double(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}

function placesOf(template, mark) {
  const places = []
  for (let at = template.indexOf(mark); at >= 0; at = template.indexOf(mark, at + mark.length)) places.push(at)
  if (places.length === 0) throw new Error('The template does not hold what is to be replaced.')
  return places
}
