// Imports every module named on standard input. Whoever calls the canary leaves a file behind.
import fs from 'node:fs'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

globalThis.canary = () => fs.writeFileSync('injected', 'JavaScript')
let loaded = 0
for (const path of (await text(process.stdin)).split('\n').filter(Boolean)) {
  await import(pathToFileURL(path).href)
  loaded += 1
}
if ({}.polluted !== undefined || Object.prototype.canary !== undefined) canary()
console.log(loaded)
