"""The first agent: says what it was made from."""

from __future__ import annotations

from peer_contract import Work, lambda_handler
from tuned import Start, Trail, planner, scaler


class Planner(planner.Agent):
    async def plan(self, work: Work[Trail], start: Start, /) -> scaler.Scale:
        config = self.config
        work.state.steps.append(f"{config.label} {config.limits.most} {len(config.words or [])}")
        return scaler.scale(start)


handler = lambda_handler(Planner)
