"""The privacy gate once more, over everything that will be printed: quotes, the writer's texts, titles, tables."""

from collections.abc import Iterator, Sequence

from qualcode.errors import QualcodeError
from qualcode.ingest.privacy import Finding, find_identifiers
from qualcode.models import Interview
from qualcode.reporting.blocks import Document, Heading, Quote


class PrintedIdentifierError(QualcodeError):
    """Something that identifies a person would have been printed."""


def check_printed(document: Document) -> None:
    """Look for identifiers in a document.

    Raises:
        PrintedIdentifierError: there are some; the message names the place and masks them.
    """
    pieces = list(_pieces(document))
    text = "\n".join(words for _, words in pieces)
    findings = _identifiers_in(text)
    if findings:
        told = "; ".join(
            f"{finding.kind} {finding.masked} i {_where(pieces, finding.start)}" for finding in findings[:5]
        )
        raise PrintedIdentifierError(
            f"Rapporten er ikke skrevet, for den ville trykke personoplysninger: {told}. "
            "Ret teksten eller transskriptionen, eller skriv citatets id under 'unpin' i notes/pins.yaml."
        )


def _identifiers_in(text: str) -> Sequence[Finding]:
    """The one place where reports ask the privacy gate."""
    return [
        found
        for found in find_identifiers(Interview("rapport", "rapport", text, (), ()))
        if found.certainty == "direct"
    ]


def _pieces(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (place, words) of everything that is printed, in order."""
    place = "forsiden"
    yield place, f"{document.title}\n{document.subtitle}"
    for block in document.blocks:
        if isinstance(block, Heading):
            place = f"»{block.text}«"
        name = f"citat {block.id}" if isinstance(block, Quote) else place
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
    passed = 0
    for name, words in pieces:
        passed += len(words) + 1
        if position < passed:
            return name
    return pieces[-1][0]
