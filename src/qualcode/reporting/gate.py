"""The privacy gate once more, over everything that will be printed: quotes, the writer's texts, titles, tables.

Names, places and addresses are looked for in quotes only: a writer may well name a colleague, an author or the
municipality, and a report's own sentences have capitals and numbers that look like them.
"""

from collections.abc import Iterator, Sequence

from qualcode.errors import QualcodeError
from qualcode.models import Interview
from qualcode.privacy.decisions import Gate
from qualcode.privacy.findings import Certainty, Finding, Kind
from qualcode.reporting.blocks import Document, Heading, Quote

_QUOTE = "citat "
_OF_THEIR_OWN_FORM = frozenset({Kind.CPR, Kind.TELEFON, Kind.EMAIL, Kind.URL, Kind.BRUGERNAVN, Kind.CVR, Kind.KONTO})


class PrintedIdentifierError(QualcodeError):
    """Something that identifies a person would have been printed."""


def check_printed(document: Document, gate: Gate) -> None:
    """Look for identifiers in a document, as the study's decisions leave them.

    Raises:
        PrintedIdentifierError: there are some; the message names the place and masks them.
    """
    pieces = list(_pieces(document))
    text = "\n".join(words for _, words in pieces)
    quoted = [span for name, span in _placed(pieces) if name.startswith(_QUOTE)]
    findings = [finding for finding in _identifiers_in(text, gate) if _counts(finding, quoted)]
    if findings:
        told = "; ".join(
            f"{finding.kind.value} {finding.masked} i {_where(pieces, finding.start)}" for finding in findings[:5]
        )
        raise PrintedIdentifierError(
            f"Rapporten er ikke skrevet, for den ville trykke personoplysninger: {told}. "
            "Ret teksten eller transskriptionen, eller skriv citatets id under 'unpin' i notes/pins.yaml."
        )


def _identifiers_in(text: str, gate: Gate) -> Sequence[Finding]:
    judged = gate.judge(Interview("rapport", "rapport", text, (), ()))
    return [found for found in judged if found.certainty is Certainty.DIRECT]


def _counts(finding: Finding, quoted: Sequence[tuple[int, int]]) -> bool:
    return finding.kind in _OF_THEIR_OWN_FORM or any(start <= finding.start < end for start, end in quoted)


def _pieces(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (place, words) of everything that is printed, in order."""
    place = "forsiden"
    yield place, f"{document.title}\n{document.subtitle}"
    for block in document.blocks:
        if isinstance(block, Heading):
            place = f"»{block.text}«"
        name = f"{_QUOTE}{block.id}" if isinstance(block, Quote) else place
        for words in _words(block):
            yield name, words


def _words(value: object) -> Iterator[str]:
    """Yield all text in a block, whatever its kind."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, tuple):
        for item in value:
            yield from _words(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            # Ids and colours are ours; a hash may look like a number.
            if name not in ("anchor", "id", "color"):
                yield from _words(getattr(value, name))


def _where(pieces: Sequence[tuple[str, str]], position: int) -> str:
    return next((name for name, (_, end) in _placed(pieces) if position < end), pieces[-1][0])


def _placed(pieces: Sequence[tuple[str, str]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the place of each piece with its span in the joined text."""
    start = 0
    for name, words in pieces:
        yield name, (start, start + len(words))
        start += len(words) + 1
