// One batch of each case per round: what else the machine does falls on all of them alike.

/** The least that a batch takes, in ns of CPU time. */
const BATCH_NS = 4_000_000

/**
 * CPU time in ns: of this thread where Node tells it (from 23.9 on), else of the whole process, the
 * collector's threads included.
 */
export function cpuNs() {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) * 1000
}

/** Name → `{p10, median, p90}` in ns per call. */
export function measure(cases, rounds) {
  const names = Object.keys(cases)
  const counts = Object.fromEntries(names.map((name) => [name, calibrated(cases[name])]))
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    // Each round starts with another case, so that none always pays for the garbage of the same neighbour.
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(round + step) % names.length]
      samples[name].push(batch(cases[name], counts[name]) / counts[name])
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(samples[name])]))
}

export function summary(samples) {
  const ordered = samples.toSorted((a, b) => a - b)
  const at = (share) => ordered[Math.round((ordered.length - 1) * share)]
  return { p10: at(0.1), median: at(0.5), p90: at(0.9) }
}

function calibrated(run) {
  // The compilers of the engine are done with it before anything is counted.
  const warm = performance.now() + 150
  do run()
  while (performance.now() < warm)
  let count = 1
  while (batch(run, count) < BATCH_NS) count *= 2
  return count
}

let kept

function batch(run, count) {
  const started = cpuNs()
  for (let index = 0; index < count; index += 1) kept = run()
  return cpuNs() - started
}
