"""What is wrong with a codebook that only shows when its patterns run and its examples are laid side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from qualcode.codebook.bank import bank_file
from qualcode.coding.rules import SPACY_PATTERN
from qualcode.errors import InputError
from qualcode.models import Codebook
from qualcode.yamlfile import YamlSource


@dataclass(frozen=True, slots=True)
class _Passage:
    """An example where it stands: in which file, at which path of keys."""

    source: YamlSource
    place: tuple[int | str, ...]
    text: str
    codes: frozenset[str]


def faults(path: Path, codebook: Codebook, nlp: Language) -> list[InputError]:
    """Return the faults of a codebook that loads, in the order of files and lines.

    Args:
        path: the codebook's file; its bank lies beside it
        codebook: what was loaded from it
        nlp: pipeline with the codebook's rules
    """
    book = YamlSource(path)
    passages = list(_examples(book, codebook))
    if codebook.bank:
        passages += _bank(YamlSource(bank_file(path)), codebook)
    found = [*_idle_patterns(book, codebook, passages, nlp), *_claimed_twice(passages)]
    return sorted(found, key=lambda fault: (fault.file != path.name, fault.line or 0))


def _examples(book: YamlSource, codebook: Codebook) -> Iterator[_Passage]:
    for number, code in enumerate(codebook.codes):
        for row, text in enumerate(code.examples):
            yield _Passage(book, ("codes", number, "examples", row), text, frozenset({code.id}))
        for row, (text, use) in enumerate(code.near_misses):
            yield _Passage(book, ("codes", number, "near_misses", row), text, frozenset({use} if use else ()))
    for row, text in enumerate(codebook.uncoded):
        yield _Passage(book, ("uncoded", row), text, frozenset())


def _bank(bank: YamlSource, codebook: Codebook) -> Iterator[_Passage]:
    for row, example in enumerate(codebook.bank):
        yield _Passage(bank, ("passages", row), example.text, frozenset(example.codes))


def _idle_patterns(
    book: YamlSource, codebook: Codebook, passages: list[_Passage], nlp: Language
) -> Iterator[InputError]:
    """Yield the patterns that find nothing in any passage of their own code."""
    busy: set[tuple[str, str]] = set()
    own = [passage for passage in passages if passage.codes]
    for passage, doc in zip(own, nlp.pipe(passage.text for passage in own), strict=True):
        busy |= {(hit.label_, hit.id_) for hit in doc.spans["rules"] if hit.label_ in passage.codes}
    for number, code in enumerate(codebook.codes):
        for row, pattern in enumerate(code.patterns):
            name = pattern if isinstance(pattern, str) else SPACY_PATTERN
            if (code.id, name) not in busy:
                yield book.problem(
                    ("codes", number, "patterns", row),
                    f"mønstret '{name}' findes ikke i nogen af kodens eksempler",
                    "Ret mønstret, eller tilføj et eksempel, som det finder",
                )


def _claimed_twice(passages: list[_Passage]) -> Iterator[InputError]:
    """Yield the passages that stand elsewhere with other codes."""
    first: dict[str, _Passage] = {}
    for passage in passages:
        earlier = first.setdefault(" ".join(passage.text.casefold().split()), passage)
        if earlier.codes != passage.codes:
            codes = ", ".join(sorted(earlier.codes)) or "ingen kode"
            where = f"{earlier.source.path.name}, linje {earlier.source.line(earlier.place)}"
            yield passage.source.problem(
                passage.place,
                f"samme eksempel har andre koder i {where} ({codes})",
                "Fjern det ene, eller giv begge de samme koder",
            )
