// @ts-check
import { html } from './html.mjs'

/** @typedef {{ year: number, count: number }} YearCount */

const WIDTH = 720
const HEIGHT = 196
const PLOT = { left: 30, right: 712, top: 26, bottom: 160 }

/**
 * Passages by year as one SVG: a bar per year, a scale, and the peak named. Every bar says its year and count on hover.
 * @param {readonly YearCount[]} byYear in the order of the years, at least one of them above zero
 */
export function chart(byYear) {
  const first = Math.min(...byYear.map(({ year }) => year))
  const last = Math.max(...byYear.map(({ year }) => year))
  const peak = byYear.reduce((best, entry) => (entry.count > best.count ? entry : best))
  const top = ceiling(peak.count)
  const step = (PLOT.right - PLOT.left) / (last - first + 1)
  const x = (/** @type {number} */ year) => PLOT.left + (year - first) * step
  const y = (/** @type {number} */ count) => PLOT.bottom - (count / top) * (PLOT.bottom - PLOT.top)
  const found = byYear.filter(({ count }) => count > 0)
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="chart-title chart-desc">
  <title id="chart-title">Matching passages by year, ${first} to ${last}</title>
  <desc id="chart-desc">${description(found, peak)}</desc>
${[...new Set([0, top / 2, top])].filter(Number.isInteger).map((count) => scaleLine(count, y(count)))}
${found.map((entry) => bar(entry, x(entry.year), y(entry.count), Math.max(step * 0.8, 1.2)))}
${decades(first, last).map((year) => yearMark(year, x(year) + step / 2))}
  <text class="peak" x="${fixed(clamp(x(peak.year) + step / 2))}" y="${fixed(y(peak.count) - 6)}">${peak.year}: ${peak.count}</text>
  <text class="axis name" x="${PLOT.left}" y="12">Passages</text>
  <text class="axis name" x="${PLOT.right}" y="${HEIGHT - 2}" text-anchor="end">Year of the address</text>
</svg>`
}

/**
 * @param {readonly YearCount[]} found
 * @param {YearCount} peak
 */
function description(found, peak) {
  const total = found.reduce((sum, { count }) => sum + count, 0)
  const span = found.length > 1 ? ` in ${found.length} years between ${found[0]?.year} and ${found.at(-1)?.year}` : ''
  return `Bar chart: ${total} matching passages${span}; the most, ${peak.count}, in ${peak.year}.`
}

/**
 * The next even number of one or two digits, so that the middle line has a whole number.
 * @param {number} count
 */
function ceiling(count) {
  const unit = count <= 10 ? 2 : 10 ** Math.floor(Math.log10(count)) / (count >= 50 ? 1 : 2)
  return Math.max(2, Math.ceil(count / unit) * unit)
}

/**
 * @param {YearCount} entry
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function bar({ year, count }, x, y, width) {
  return html`  <rect class="bar" x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${fixed(PLOT.bottom - y)}"><title>${year}: ${count}</title></rect>
`
}

/**
 * @param {number} count
 * @param {number} y
 */
function scaleLine(count, y) {
  return html`  <line class="${count === 0 ? 'base' : 'grid'}" x1="${PLOT.left}" x2="${PLOT.right}" y1="${fixed(y)}" y2="${fixed(y)}"/><text class="axis" x="${PLOT.left - 6}" y="${fixed(y + 3.5)}" text-anchor="end">${count}</text>
`
}

/**
 * @param {number} year
 * @param {number} x
 */
function yearMark(year, x) {
  return html`  <line class="base" x1="${fixed(x)}" x2="${fixed(x)}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 4}"/><text class="axis" x="${fixed(x)}" y="${PLOT.bottom + 16}" text-anchor="middle">${year}</text>
`
}

/**
 * Round years to write under the chart, about eight.
 * @param {number} first
 * @param {number} last
 */
function decades(first, last) {
  const gap = [1, 2, 5, 10, 20, 25, 50].find((years) => (last - first) / years <= 10) ?? 100
  const years = []
  for (let year = Math.ceil(first / gap) * gap; year <= last; year += gap) years.push(year)
  return years
}

/** @param {number} x */
function clamp(x) {
  return Math.min(Math.max(x, PLOT.left + 22), PLOT.right - 26)
}

/** @param {number} value */
function fixed(value) {
  return Number(value.toFixed(1))
}
