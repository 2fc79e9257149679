/** `npm start`: the workbench on what is named, or on the bundled sample; in a browser where the desktop app cannot run. */
if (process.argv.length === 2) process.argv.push('--sample')
process.argv.splice(2, 0, 'open')
await import('./provscope.mjs')
