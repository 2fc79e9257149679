/** Builds the TypeScript of a benchmark into a folder of its own, from which Node runs it. */
import { resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '..')

/**
 * @param {string} name of the folder
 * @param {Record<string, string>} input entries by name: paths from the root of the repository
 * @returns {Promise<string>} the folder; an entry is `<its name>.js` there
 */
export async function bundle(name, input) {
  const out = resolve(root, `node_modules/.bench-${name}`)
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: out,
      emptyOutDir: true,
      ssr: true,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).map(([entry, path]) => [entry, resolve(root, path)])),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' }
      }
    }
  })
  return out
}
