// The Node agent of the benchmark.

import { node, python, rust } from './parcels/index.mjs'

const nowNs = () => Number(process.hrtime.bigint())

export const handler = node.lambdaHandler({
  toRust(work, parcel) {
    work.state.handedNs = nowNs()
    return rust.land(parcel)
  },
  toPython(work, parcel) {
    work.state.handedNs = nowNs()
    return python.land(parcel)
  },
  toNode(work, parcel) {
    work.state.handedNs = nowNs()
    return node.land(parcel)
  },
  land(work) {
    return { tookNs: nowNs() - work.state.handedNs }
  },
  relay(work, parcel) {
    if (parcel.hops === 0) return { tookNs: nowNs() - work.state.handedNs }
    return rust.relay({ ...parcel, hops: parcel.hops - 1 })
  },
})
