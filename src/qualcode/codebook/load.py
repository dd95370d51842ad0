"""Load a codebook from YAML: schema first, then everything that only shows across codes."""

from collections.abc import Iterator
from pathlib import Path

from spacy.errors import MatchPatternError
from spacy.matcher import Matcher
from spacy.vocab import Vocab

from qualcode.codebook.bank import bank_file
from qualcode.codebook.patterns import variants
from qualcode.codebook.schema import BankFile, CodebookFile, CodeEntry, TokenPattern
from qualcode.errors import InputError, InvalidFileError
from qualcode.models import Code, Codebook, Example
from qualcode.yamlfile import YamlSource


def load_codebook(path: Path) -> Codebook:
    """Return the codebook in a YAML file.

    Raises:
        InputError: the file cannot be read or is no YAML.
        InvalidFileError: it is no valid codebook; every fault with its line.
    """
    source = YamlSource(path)
    if source.data is None:
        raise InputError(path, "kodebogen er tom", mend="Skriv mindst 'id', 'title', 'version' og én kode")
    entries = source.validate(CodebookFile)
    problems = sorted(_problems(source, entries), key=lambda problem: problem.line or 0)
    if problems:
        raise InvalidFileError(problems)
    return Codebook(
        id=entries.id,
        title=entries.title,
        version=entries.version,
        description=entries.description,
        source=entries.source,
        codes=tuple(_code(entry) for entry in entries.codes),
        uncoded=tuple(entries.uncoded),
        bank=_bank(bank_file(path), entries),
    )


def _bank(path: Path, book: CodebookFile) -> tuple[Example, ...]:
    """Return the passages of the bank beside a codebook, none when there is no bank."""
    if not path.exists():
        return ()
    source = YamlSource(path)
    bank = source.validate(BankFile)
    known = {code.id for code in book.codes}
    problems = [
        source.problem(("passages", number), f"koden '{code}' findes ikke i kodebogen", "Ret id'et")
        for number, entry in enumerate(bank.passages)
        for code in (*entry.codes, *entry.near_miss_of)
        if code not in known
    ]
    if bank.codebook != book.id:
        problems.append(
            source.problem(("codebook",), f"eksemplerne hører til kodebogen '{bank.codebook}'", "Ret 'codebook'")
        )
    if problems:
        raise InvalidFileError(problems)
    return tuple(
        Example(
            entry.text,
            tuple(sorted(entry.codes)),
            tuple(sorted(entry.near_miss_of)),
            entry.valence,
            entry.group,
            entry.asked,
            entry.around,
        )
        for entry in bank.passages
    )


def _code(entry: CodeEntry) -> Code:
    return Code(
        id=entry.id,
        name=entry.name,
        kind=entry.kind,
        definition=entry.definition,
        use_when=entry.use_when,
        not_when=tuple((rule.when, rule.use) for rule in entry.not_when),
        patterns=tuple(
            tuple(pattern.spacy) if isinstance(pattern, TokenPattern) else pattern for pattern in entry.patterns
        ),
        examples=tuple(entry.examples),
        near_misses=tuple((miss.text, miss.use) for miss in entry.near_misses),
        color=entry.color,
    )


def _problems(source: YamlSource, book: CodebookFile) -> Iterator[InputError]:
    ids: dict[str, int] = {}
    names: dict[str, str] = {}
    known = {code.id for code in book.codes}
    for index, code in enumerate(book.codes):
        place = ("codes", index)
        if code.id in ids:
            yield source.problem((*place, "id"), f"koden '{code.id}' står to gange", "Fjern den ene")
        parent = code.id.rpartition(".")[0]
        if parent and parent not in ids:
            yield source.problem(
                (*place, "id"), f"'{code.id}' mangler sin overkode", f"Sæt koden '{parent}' ind før denne"
            )
        if code.name.lower() in names:
            other = names[code.name.lower()]
            yield source.problem(
                (*place, "name"), f"navnet '{code.name}' bruges også af '{other}'", "Giv koden sit eget navn"
            )
        for number, pattern in enumerate(code.patterns):
            fault = _pattern_fault(pattern)
            if fault:
                yield source.problem(
                    (*place, "patterns", number), f"mønstret kan ikke bruges ({fault})", "Ret mønstret"
                )
        ids[code.id] = index
        names.setdefault(code.name.lower(), code.id)
        for key, uses in _references(code).items():
            for number, use in enumerate(uses):
                if use and use not in known:
                    what = f"koden '{use}' findes ikke"
                    yield source.problem((*place, key, number, "use"), what, "Ret id'et, eller fjern 'use'")


def _references(code: CodeEntry) -> dict[str, list[str | None]]:
    return {
        "not_when": [rule.use for rule in code.not_when],
        "near_misses": [miss.use for miss in code.near_misses],
    }


def _pattern_fault(pattern: str | TokenPattern) -> str | None:
    try:
        if isinstance(pattern, str):
            variants(pattern)
        else:
            Matcher(Vocab(), validate=True).add("pattern", [pattern.spacy])
    except (ValueError, MatchPatternError) as error:
        return " ".join(str(error).split())
    return None
