"""The Python agent of the benchmark."""

from __future__ import annotations

from time import monotonic_ns

from parcels import Landing, Parcel, Trip, node, python, rust
from peer_contract import Work, lambda_handler


class Python(python.Agent):
    def to_rust(self, work: Work[Trip], parcel: Parcel, /) -> rust.Land:
        work.state.handed_ns = monotonic_ns()
        return rust.land(parcel)

    def to_python(self, work: Work[Trip], parcel: Parcel, /) -> python.Land:
        work.state.handed_ns = monotonic_ns()
        return python.land(parcel)

    def to_node(self, work: Work[Trip], parcel: Parcel, /) -> node.Land:
        work.state.handed_ns = monotonic_ns()
        return node.land(parcel)

    def land(self, work: Work[Trip], parcel: Parcel, /) -> Landing:
        return Landing(took_ns=monotonic_ns() - work.state.handed_ns)

    def relay(self, work: Work[Trip], parcel: Parcel, /) -> Landing | node.Relay:
        if parcel.hops == 0:
            return Landing(took_ns=monotonic_ns() - work.state.handed_ns)
        parcel.hops -= 1
        return node.relay(parcel)


handler = lambda_handler(Python())
