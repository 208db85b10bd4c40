"""Contracts from files."""

from __future__ import annotations

from ._native import Contract

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os


def load(path: str | os.PathLike[str]) -> Contract:
    """Reads and checks the contract at ``path``, in JSON.

    Raises :class:`~peer_contract.ContractError` with all that is wrong, and ``OSError``.
    """
    with open(path, "rb") as file:
        return Contract.parse(file.read())
