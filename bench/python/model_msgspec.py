"""The message for msgspec, with every constraint of the contract that it can say."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder


class Gift(Struct, tag="gift", tag_field="kind", forbid_unknown_fields=True, rename={"from_": "from"}):
    year: Annotated[str, Meta(pattern="^[12][0-9]{3}$")]
    from_: Literal["person", "estate", "society"]


class Purchase(Struct, tag="purchase", tag_field="kind", forbid_unknown_fields=True):
    invoice: Annotated[str, Meta(min_length=6)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class Found(Struct, tag="found", tag_field="kind", forbid_unknown_fields=True):
    depth: Annotated[float, Meta(ge=0)]


Origin = Gift | Purchase | Found


class Author(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1)]
    living: bool
    remark: str | UnsetType | None = UNSET


class Record(Struct, forbid_unknown_fields=True):
    key: Annotated[str, Meta(pattern="^doc-[0-9]{6}$")]
    addedAt: datetime
    state: Literal["open", "lent", "lost"]
    pages: Annotated[int, Meta(ge=1)]
    weight: Annotated[float, Meta(ge=0)]
    author: Author
    origin: Origin


class Question(Struct, tag="ask", tag_field="do", forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    atMost: Annotated[int, Meta(ge=1, le=100)]
    origin: Origin


class Shelving(Struct, tag="shelve", tag_field="do", forbid_unknown_fields=True):
    records: Annotated[list[Record], Meta(min_length=1, max_length=10000)]


class Parcel(Struct, forbid_unknown_fields=True):
    id: UUID
    sender: Literal["rust", "python", "node"]
    sentAt: datetime
    hops: Annotated[int, Meta(ge=0, le=14)]
    digest: Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]
    task: Question | Shelving
    note: str


decode = Decoder(Parcel).decode
