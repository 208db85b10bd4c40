"""Fresh processes: what an import costs, and when a function first answers."""

from .function import first_reply
from .starts import measure_starts, over_bare

__all__ = ["first_reply", "measure_starts", "over_bare"]
