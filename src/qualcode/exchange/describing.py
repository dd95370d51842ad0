"""What a code means, as the one text that other programs keep of it, and back from such a text.

::

    Om den nærmeste leder giver plads.

    Brug når: nogen får lov, eller skal spørge først.
    Brug ikke når: direktionen bakker op → topledelse.opbakning
    Eksempel: Min leder siger bare, gør det.
    Ligner: Vi har fået to timer. → ledelse.ressourcer
    Kode-id: ledelse.raaderum
    Art: drivkraft

A text that nobody at qualcode has written is all definition.
"""

import re
from dataclasses import dataclass

from qualcode.models import Code, Kind

_USE, _NOT, _EXAMPLE, _NEAR, _ID, _KIND = (
    "Brug når",
    "Brug ikke når",
    "Eksempel",
    "Ligner",
    "Kode-id",
    "Art",
)
_LABELLED = re.compile(rf"(?m)^({'|'.join((_NOT, _USE, _EXAMPLE, _NEAR, _ID, _KIND))}): ?")
_POINTS_TO = re.compile(r"\s+→\s+([a-z0-9-]+(?:\.[a-z0-9-]+)*)\s*$")
_CODE_ID = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True)
class Described:
    """The parts of a code's description; ``id`` and ``kind`` only where qualcode wrote them."""

    definition: str
    use_when: str = ""
    not_when: tuple[tuple[str, str | None], ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[tuple[str, str | None], ...] = ()
    id: str | None = None
    kind: Kind | None = None


def describe(code: Code) -> str:
    """Return the text that other programs keep as a code's description."""
    lines = [f"{_USE}: {code.use_when}"] if code.use_when else []
    lines += [f"{_NOT}: {pointing(when, use)}" for when, use in code.not_when]
    lines += [f"{_EXAMPLE}: {example}" for example in code.examples]
    lines += [f"{_NEAR}: {pointing(text, use)}" for text, use in code.near_misses]
    lines += [f"{_ID}: {code.id}", f"{_KIND}: {code.kind.value}"]
    return "\n\n".join([code.definition.strip(), "\n".join(lines)])


def pointing(text: str, use: str | None) -> str:
    """Return a text that ends in the code to use instead, if there is one."""
    return f"{text} → {use}" if use else text


def parse_description(text: str) -> Described:
    """Return the parts of a description; what stands before the first label is the definition."""
    pieces = _LABELLED.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    labelled = [(label, " ".join(value.split())) for label, value in zip(pieces[1::2], pieces[2::2], strict=True)]

    def all_of(label: str) -> tuple[str, ...]:
        return tuple(value for name, value in labelled if name == label and value)

    code_id = next((value for value in all_of(_ID) if _CODE_ID.fullmatch(value)), None)
    kind = next((Kind(value) for value in all_of(_KIND) if value in set(Kind)), None)
    return Described(
        definition=pieces[0].strip(),
        use_when=" ".join(all_of(_USE)),
        not_when=tuple(pointed(value) for value in all_of(_NOT)),
        examples=all_of(_EXAMPLE),
        near_misses=tuple(pointed(value) for value in all_of(_NEAR)),
        id=code_id,
        kind=kind,
    )


def pointed(value: str) -> tuple[str, str | None]:
    """Return text and code of what :func:`pointing` joined."""
    match = _POINTS_TO.search(value)
    return (value[: match.start()], match[1]) if match else (value, None)
