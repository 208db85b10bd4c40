// @ts-check
/** HTML in which all text is escaped: what a template holds is markup, what is put into it is text. */

/** Markup that is already safe. */
export class Html {
  /** @param {string} markup */
  constructor(markup) {
    this.markup = markup
  }

  toString() {
    return this.markup
  }
}

/** @type {Readonly<Record<string, string>>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Text as markup, fit for content and for quoted attributes. Control characters, which HTML cannot hold, become spaces.
 * @param {unknown} text
 */
export function escape(text) {
  const visible = String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ')
  return visible.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '')
}

/**
 * A template whose values are escaped, unless they are `Html`; a list is joined.
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export function html(strings, ...values) {
  return new Html(strings.reduce((page, string, at) => page + markup(values[at - 1]) + string))
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function markup(value) {
  if (value instanceof Html) return value.markup
  if (Array.isArray(value)) return value.map(markup).join('')
  return escape(value)
}
