/** Begins a stand-in utility process: `process.parentPort`, then the module. */
import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

class ParentPort extends EventEmitter {
  #early = []

  constructor() {
    super()
    process.on('message', (data) => (this.listenerCount('message') > 0 ? this.emit('message', { data }) : this.#early.push(data)))
  }

  on(name, listener) {
    super.on(name, listener)
    for (const data of this.#early.splice(0)) listener({ data })
    return this
  }

  postMessage(message) {
    process.send(message)
  }
}

process.parentPort = new ParentPort()
process.on('disconnect', () => process.exit())
await import(pathToFileURL(process.argv[2]).href)
