// @ts-check
import { html } from './html.mjs'

/**
 * A text with the words that matched between `<mark>`s.
 * @param {string} text
 * @param {readonly string[]} matches as they stand in the text
 */
export function marked(text, matches) {
  const pattern = anyOf(matches)
  if (!pattern) return html`${text}`
  // A split with a group keeps what it split at, at the odd places.
  return html`${text.split(pattern).map((part, at) => (at % 2 ? html`<mark>${part}</mark>` : html`${part}`))}`
}

/** @param {readonly string[]} matches */
function anyOf(matches) {
  const longestFirst = matches.filter((match) => match.trim() !== '').sort((a, b) => b.length - a.length)
  if (longestFirst.length === 0) return null
  const words = longestFirst.map((match) => match.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(${words.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
}
