// @ts-check
import { Html } from './html.mjs'

/** The look of a report, on screen in light and dark, and on A4 or Letter. Ours alone, so it needs no escaping. */
export const style = new Html(`
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --ink: #1d1b18; --soft: #6b665e; --line: #dcd7cc; --accent: #9a3412; --mark: #fbe7b2; --track: #ebe6da;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Palatino Linotype", "Noto Serif", Georgia, serif;
  --sans: "Helvetica Neue", Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #171614; --ink: #e9e4da; --soft: #a39c8f; --line: #3a362f; --accent: #f0965f; --mark: #5a4310; --track: #2c2923; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--serif); }
main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1.5rem; }
main { padding-top: 4rem; }
.kicker, .axis, .peak, .source, .year, .score, h2, footer { font-family: var(--sans); }
.kicker { margin: 0 0 .75rem; color: var(--accent); font-size: .8rem; font-weight: 600; letter-spacing: .04em; }
h1 { margin: 0 0 1rem; font-size: clamp(1.9rem, 5vw, 2.75rem); font-weight: 600; line-height: 1.15; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
.lede { margin: 0; color: var(--soft); font-size: 1.15rem; line-height: 1.5; text-wrap: pretty; }
.lede strong { color: var(--ink); font-weight: 600; }
h2 { margin: 3rem 0 .9rem; padding-top: .7rem; border-top: 1px solid var(--ink); font-size: .9rem; font-weight: 600; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart .bar { fill: var(--accent); }
.chart .bar:hover { fill: var(--ink); }
.chart .base { stroke: var(--soft); stroke-width: 1; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.axis { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.peak { fill: var(--ink); font-size: 11.5px; font-weight: 600; text-anchor: middle; }
.passages { margin: 0; padding: 0; list-style: none; }
.passages li + li { margin-top: 1.9rem; }
figure { display: grid; grid-template: auto 1fr auto / 6.5rem 1fr; gap: 0 1.75rem; margin: 0; }
blockquote { grid-column: 2; grid-row: 1 / span 2; margin: 0; hyphens: auto; overflow-wrap: anywhere; text-wrap: pretty; }
figcaption { display: contents; }
.year { grid-column: 1; grid-row: 1; margin-top: -.1rem; font-size: 1.45rem; font-weight: 300; line-height: 1.3; font-variant-numeric: tabular-nums; }
.score { grid-column: 1; grid-row: 2; display: block; align-self: start; color: var(--soft); font-size: .75rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.track { display: block; height: 4px; margin: .35rem 0 .3rem; border-radius: 2px; background: var(--track); }
.track span { display: block; height: 100%; border-radius: 2px; background: var(--accent); }
.source { grid-column: 2; margin-top: .45rem; color: var(--soft); font-size: .85rem; line-height: 1.4; }
.source cite { color: var(--ink); font-style: normal; font-weight: 600; }
mark { padding: .05em .12em; border-radius: 2px; background: var(--mark); color: inherit; }
footer { margin-top: 3.5rem; padding-bottom: 4rem; color: var(--soft); font-size: .82rem; line-height: 1.55; }
footer h2 { margin-top: 0; border-color: var(--line); color: var(--ink); }
footer ol { margin: 0; padding: 0 0 0 1.2rem; }
footer dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .3rem 1.75rem; margin: 1rem 0 0; }
footer dt { color: var(--ink); }
footer dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
footer code { font: .92em var(--mono); }
.term { white-space: nowrap; }
.term + .term::before { content: " · "; }
.term.light { opacity: .75; }
.term small { font-size: .85em; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) {
  main { padding-top: 2rem; }
  figure { grid-template: auto auto auto / 1fr auto; gap: .2rem 1rem; }
  .score { grid-column: 2; grid-row: 1; width: 6rem; align-self: end; }
  blockquote { grid-column: 1 / -1; grid-row: 2; }
  .source { grid-column: 1 / -1; }
  footer dl { grid-template-columns: 1fr; gap: 0; }
  footer dd { margin-bottom: .6rem; }
  .chart .axis { font-size: 17px; }
  .chart .peak { font-size: 18px; }
  .chart .name { display: none; }
}
@page { margin: 18mm 18mm 20mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #111; --soft: #555; --line: #ccc; --accent: #9a3412; --mark: #fbe7b2; --track: #e6e2d8; }
  body { font-size: 10.5pt; line-height: 1.45; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, footer { max-width: none; padding: 0; }
  h1 { font-size: 24pt; }
  .lede { font-size: 12pt; }
  h2 { margin-top: 18pt; break-after: avoid; }
  .passages li + li { margin-top: 13pt; }
  .passages li, .chart, footer li, footer dl { break-inside: avoid; }
  blockquote { orphans: 3; widows: 3; }
  footer { margin-top: 20pt; padding-bottom: 0; font-size: 8.5pt; }
}
`)
