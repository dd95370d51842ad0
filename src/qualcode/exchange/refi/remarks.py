"""What is known of a coding beyond code and words, as the description of its selection, and back.

::

    Status: foreslået
    Valens: barriere
    Sandsynlighed: 0,83
    Kilde: regel
    Citat: citér ikke
    Begrundelse: mønster 'drift': driften

    Her er analytikerens notat.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from qualcode.models import Coding, Mark, Status, Valence

_Value = TypeVar("_Value", Valence, Mark)
_HEAD = re.compile(r"(Status|Valens|Sandsynlighed|Kilde|Citat|Begrundelse): ?(.*)")

TURN_TABLE = "tur; taler; rolle; tid; start; slut"
_FILE = "Fil: "


def file_remark(file: str) -> str:
    """Return the comment that tells which file a source was."""
    return f"{_FILE}{file}"


def is_file_remark(description: str) -> bool:
    """Tell whether a comment is only what :func:`file_remark` wrote."""
    return description.startswith(_FILE) and "\n" not in description.strip()


def is_turn_table(note: str) -> bool:
    """Tell whether a note is the table of turns that qualcode writes."""
    return note.lstrip().startswith(TURN_TABLE)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a description says; ``memo`` is all that qualcode's own lines do not explain."""

    valence: Valence | None = None
    mark: Mark | None = None
    suggested: bool = False
    memo: str = ""


def remarks_on(coding: Coding, reasons: str, memos: Sequence[str]) -> str:
    """Return the description of a coding's selection.

    Args:
        coding: the coding
        reasons: its evidence in words, one line
        memos: notes of analysts
    """
    lines = [f"Status: {coding.status.value}", f"Valens: {coding.valence.value}"]
    if coding.status is Status.FORESLAAET or reasons:
        lines.append(f"Sandsynlighed: {coding.score:.2f}".replace(".", ","))
    lines.append(f"Kilde: {coding.source.value}")
    if coding.mark:
        lines.append(f"Citat: {coding.mark.value}")
    if reasons:
        lines.append(f"Begrundelse: {reasons}")
    return "\n\n".join(["\n".join(lines), *memos])


def parse_remarks(description: str) -> Remarks:
    """Return what a description says; one that qualcode did not begin is all memo."""
    lines = description.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head: dict[str, str] = {}
    while lines and (match := _HEAD.fullmatch(lines[0])):
        head[match[1]] = match[2].strip()
        del lines[0]
    return Remarks(
        valence=_known(Valence, head, "Valens"),
        mark=_known(Mark, head, "Citat"),
        suggested=head.get("Status") == Status.FORESLAAET.value,
        memo="\n".join(lines).strip(),
    )


def _known(values: type[_Value], head: Mapping[str, str], label: str) -> _Value | None:
    return next((value for value in values if value.value == head.get(label)), None)
