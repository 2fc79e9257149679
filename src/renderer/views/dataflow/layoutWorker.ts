/** Layout off the page's thread. What nobody waits for any more is ended with its worker, not waited for. */
import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'

type Running = { elk: InstanceType<typeof ELK>; onFault: (message: string) => void }
let running: Running | null = null
let waiting = 0

export function layOut(graph: ElkNode, signal: AbortSignal): Promise<ElkNode> {
  return new Promise((resolve, reject) => {
    running ??= start()
    const own = running
    own.onFault = (message) => reject(new Error(message))
    const end = (): void => {
      if (running === own) running = null
      own.elk.terminateWorker()
      reject(new DOMException('Another graph is to be laid out.', 'AbortError'))
    }
    signal.addEventListener('abort', end, { once: true })
    waiting++
    void own.elk
      .layout(graph)
      .then(resolve, reject)
      .finally(() => {
        waiting--
        signal.removeEventListener('abort', end)
      })
  })
}

/** An idle worker keeps some megabytes: it goes with the view. */
export function restLayout(): void {
  if (waiting > 0 || !running) return
  running.elk.terminateWorker()
  running = null
}

function start(): Running {
  const own: Running = {
    onFault: () => undefined,
    elk: new ELK({
      algorithms: ['layered'],
      workerFactory: () => {
        const worker = new Worker(workerUrl)
        worker.addEventListener('error', (event) => own.onFault(event.message || 'The worker that lays it out could not be started.'))
        return worker
      }
    })
  }
  return own
}
