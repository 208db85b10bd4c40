// Parses every file named on standard input, and tells which do not parse or call the canary.
import fs from 'node:fs'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

const [, , modules] = process.argv
const load = async (name) => (await import(pathToFileURL(`${modules}/prettier/${name}`).href)).default
const prettier = await load('index.mjs')
const plugins = [await load('plugins/babel.mjs'), await load('plugins/typescript.mjs'), await load('plugins/estree.mjs')]

const FOREIGN = new Set(['TemplateLiteral', 'TaggedTemplateExpression', 'ImportExpression', 'TSImportType', 'RegExpLiteral', 'WithStatement'])

function* flaws(root) {
  const left = [root]
  while (left.length > 0) {
    const node = left.pop()
    if (node === null || typeof node !== 'object') continue
    if (FOREIGN.has(node.type)) yield `holds a ${node.type}`
    const callee = node.callee ?? node.tag
    if (callee && [callee.name, callee.property?.name].includes('canary')) yield 'calls the canary'
    if (node.type === 'ImportDeclaration' && !/^(peer-contract|\.\/\w+\.[cm]js)$/.test(node.source.value)) yield 'imports something else'
    for (const [key, value] of Object.entries(node)) if (key !== 'comments' && key !== 'tokens' && key !== 'loc') left.push(value)
  }
}

const found = []
for (const path of (await text(process.stdin)).split('\n').filter(Boolean)) {
  const parser = /ts$/.test(path) ? 'babel-ts' : 'babel'
  try {
    const { ast } = await prettier.__debug.parse(fs.readFileSync(path, 'utf8'), { parser, plugins, filepath: path })
    for (const flaw of flaws(ast)) found.push(`${path}: ${flaw}`)
  } catch (error) {
    found.push(`${path}: ${error.message.split('\n')[0]}`)
  }
}
console.log(JSON.stringify(found))
