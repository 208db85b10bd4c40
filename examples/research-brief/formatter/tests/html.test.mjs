import assert from 'node:assert/strict'
import { test } from 'node:test'

import { escape, html } from '../html.mjs'
import { marked } from '../mark.mjs'

test('text put into a template stays text', () => {
  const hostile = `<script>alert("1")</script> & 'more'`
  assert.equal(html`<p title="${hostile}">${[hostile, html`<b>${1}</b>`]}</p>`.markup,
    '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;<b>1</b></p>')
})

test('what HTML cannot hold becomes a space', () => {
  assert.equal(escape('a\u0000b\u0008c\nd'), 'a b c\nd')
})

test('matches are marked as whole words, the longest first', () => {
  assert.equal(marked('Canal at Panama; canals, Canal.', ['Canal', 'Canal at Panama']).markup,
    '<mark>Canal at Panama</mark>; canals, <mark>Canal</mark>.')
})

test('a match is no pattern and no markup', () => {
  assert.equal(marked('cost <b> of $.5 million (net)', ['$.5', '(net)', '<b>', ' ']).markup,
    'cost <mark>&lt;b&gt;</mark> of <mark>$.5</mark> million <mark>(net)</mark>')
})

test('letters beyond ASCII belong to words', () => {
  assert.equal(marked('naïve na', ['na']).markup, 'naïve <mark>na</mark>')
})

test('without matches the text stays as it is', () => {
  assert.equal(marked('a < b', []).markup, 'a &lt; b')
})
