import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** One build for the three hosts: the Electron main process, its workers, the command line and the page. */
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          engineWorker: at('src/main/engineWorker.ts'),
          readerWorker: at('src/engine/session/readerWorker.ts'),
          cli: at('src/headless/cli.ts')
        },
        output: { format: 'es', entryFileNames: '[name].js' }
      }
    }
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: at('src/renderer'),
    build: { rollupOptions: { input: { index: at('src/renderer/index.html') } } },
    plugins: [react()]
  }
})
