import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { aboutPlugin } from './bin/licences.mjs'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** One build for the three hosts: the Electron main process, its workers, the command line and the page. */
export default defineConfig({
  main: {
    build: {
      // The command line runs on the oldest Node that package.json names, not only on Electron's own.
      target: 'node20.19',
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          engineEntry: at('src/main/engineEntry.ts'),
          readerWorker: at('src/engine/session/load/readerWorker.ts'),
          intakeWorker: at('src/engine/sources/queue/intakeWorker.ts'),
          recordingWorker: at('src/engine/inserter/recordingWorker.ts'),
          cli: at('src/headless/cli.ts'),
          consumer: at('src/headless/consumer.ts')
        },
        // Chunks lie beside the entries, so that a path told from import.meta means the same in both.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' }
      }
    }
  },
  preload: {
    build: {
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: at('src/renderer'),
    // Nothing inlined: the page's policy loads fonts and images from files only.
    build: { minify: true, assetsInlineLimit: 0, rolldownOptions: { input: { index: at('src/renderer/index.html') } } },
    plugins: [react(), aboutPlugin(import.meta.dirname)]
  }
})
