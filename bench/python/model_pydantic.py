"""The message for pydantic, with every constraint of the contract."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Gift(Closed):
    kind: Literal["gift"]
    year: Annotated[str, Field(pattern="^[12][0-9]{3}$")]
    from_: Annotated[Literal["person", "estate", "society"], Field(alias="from")]


class Purchase(Closed):
    kind: Literal["purchase"]
    invoice: Annotated[str, Field(min_length=6)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Found(Closed):
    kind: Literal["found"]
    depth: Annotated[float, Field(ge=0)]


Origin = Annotated[Gift | Purchase | Found, Field(discriminator="kind")]


class Author(Closed):
    name: Annotated[str, Field(min_length=1)]
    living: bool
    remark: str | None = None


class Record(Closed):
    key: Annotated[str, Field(pattern="^doc-[0-9]{6}$")]
    addedAt: AwareDatetime
    state: Literal["open", "lent", "lost"]
    pages: Annotated[int, Field(ge=1)]
    weight: Annotated[float, Field(ge=0)]
    author: Author
    origin: Origin


class Question(Closed):
    do: Literal["ask"]
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    atMost: Annotated[int, Field(ge=1, le=100)]
    origin: Origin


class Shelving(Closed):
    do: Literal["shelve"]
    records: Annotated[list[Record], Field(min_length=1, max_length=10000)]


class Parcel(Closed):
    id: UUID
    sender: Literal["rust", "python", "node"]
    sentAt: AwareDatetime
    hops: Annotated[int, Field(ge=0, le=14)]
    digest: Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]
    task: Annotated[Question | Shelving, Field(discriminator="do")]
    note: str


decode = Parcel.model_validate_json
