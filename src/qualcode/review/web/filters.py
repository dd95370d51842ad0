"""A selection of codings as the address of a page says it, and back."""

from dataclasses import fields, replace
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query

from qualcode.models import Kind, Level, Mark, Source, Status, Valence
from qualcode.review.queues import Queue, Selection

_Choice = TypeVar("_Choice", bound=StrEnum)

# Name in the address → field of the selection.
_NAMES = {
    "koe": "queue",
    "kode": "code",
    "slags": "kind",
    "interview": "document",
    "niveau": "level",
    "kilde": "source",
    "valens": "valence",
    "status": "status",
    "maerke": "mark",
    "mindst": "at_least",
    "hoejst": "at_most",
    "froe": "seed",
    "antal": "size",
    "til": "until",
}
_EVERY_STATUS = "alle"
# Among the kinds of codes: all but roles.
_THEMES = "temaer"


def selection(
    koe: str = "",
    kode: Annotated[str, Query(max_length=200)] = "",
    slags: str = "",
    interview: str = "",
    niveau: str = "",
    kilde: str = "",
    valens: str = "",
    status: str = "",
    maerke: str = "",
    mindst: str = "",
    hoejst: str = "",
    froe: str = "",
    antal: str = "",
    til: str = "",
) -> Selection:
    """Return the selection that an address asks for; what it says wrong counts as not said."""
    plain, seed = Selection(), _number(froe, 0, 10**6)
    return Selection(
        queue=_one_of(Queue, koe) or plain.queue,
        code=kode,
        kind=_one_of(Kind, slags),
        themes=slags == _THEMES,
        document=_number(interview),
        level=_one_of(Level, niveau),
        source=_one_of(Source, kilde),
        valence=_one_of(Valence, valens),
        status=None if status == _EVERY_STATUS else _one_of(Status, status) or plain.status,
        mark=_one_of(Mark, maerke),
        at_least=_number(mindst, 0, 100),
        at_most=_number(hoejst, 0, 100),
        seed=plain.seed if seed is None else seed,
        size=_number(antal, 1, 1000) or plain.size,
        until=_number(til),
    )


Chosen = Annotated[Selection, Depends(selection)]


def address(chosen: Selection, **changes: object) -> str:
    """Return a selection, changed as told, as the query of an address; what is usual is left out."""
    wanted = replace(chosen, **changes)  # type: ignore[arg-type]
    usual = Selection()
    named = {field: name for name, field in _NAMES.items()}
    said = {
        named[field.name]: _EVERY_STATUS if value is None else str(value)
        for field in fields(Selection)
        if field.name in named
        and (value := getattr(wanted, field.name)) != getattr(usual, field.name)
        and (value is not None or field.name == "status")
    }
    if wanted.themes:
        said["slags"] = _THEMES
    return urlencode(said)


def _one_of(kind: type[_Choice], value: str) -> _Choice | None:
    return next((member for member in kind if member.value == value), None)


def _number(value: str, least: int = 0, most: int = 2**31 - 1) -> int | None:
    if not (value.isascii() and value.isdigit() and len(value) < 11):
        return None
    return int(value) if least <= int(value) <= most else None
