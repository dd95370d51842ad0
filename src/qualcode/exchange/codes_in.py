"""Codes of another program matched to a codebook, and made into codes of one where they are new."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.exchange.describing import Described, parse_description
from qualcode.models import Code, Codebook, Kind

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th"})
_KIND_WORDS = (
    (Kind.BARRIERE, ("barrier", "hindring", "udfordring", "problem")),
    (Kind.DRIVKRAFT, ("driv", "fremme", "driver", "styrke", "muligheder")),
    (Kind.BEHOV, ("behov", "need", "ønske")),
    (Kind.ROLLE, ("rolle", "aktør", "role")),
    (Kind.VAERDI, ("værdi", "gevinst", "value", "udbytte")),
)
UNDEFINED = "Definitionen mangler: koden er hentet fra et andet program."


@dataclass(frozen=True, slots=True)
class ForeignCode:
    """A code of another program.

    Attributes:
        key: what the other program's codings call it
        path: names from the top down to its own
        description: as the other program keeps it
        groups: names of the code groups it is in
    """

    key: str
    path: tuple[str, ...]
    description: str = ""
    color: str | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matched:
    """Which code of the codebook each foreign code is; ``new`` are those it did not have, parents first.

    Attributes:
        ids: key of the foreign code → id in the codebook
        guessed: how many of the new codes have a kind that nothing told
    """

    ids: Mapping[str, str]
    new: tuple[Code, ...]
    guessed: int


def match_codes(foreign: Sequence[ForeignCode], codebook: Codebook, guids: Mapping[str, str]) -> Matched:
    """Match codes by GUID, by the id qualcode wrote, by name and place in the tree, or by name; make codes of the rest.

    Args:
        foreign: codes, parents before their children
        codebook: the codes that exist; may be empty
        guids: key → id of codes that qualcode itself exported
    """
    by_name = {_plain(code.name): code.id for code in codebook.codes}
    taken, names = set(codebook.by_id), set(by_name)
    ids: dict[str, str] = {}
    by_path: dict[tuple[str, ...], str] = {}
    new: list[Code] = []
    guessed = 0
    for each in foreign:
        told = parse_description(each.description)
        known = guids.get(each.key) or (told.id if told.id in codebook.by_id else None)
        known = known or _same_place(each, by_path.get(each.path[:-1]), codebook, set(ids.values()))
        code_id = known or by_name.get(_plain(each.path[-1]))
        if code_id is None:
            above = by_path.get(each.path[:-1])
            kind = told.kind or _kind_of_groups(each.groups)
            if kind is None:
                parent = next((code for code in (*new, *codebook.codes) if code.id == above), None)
                kind = parent.kind if parent else _guessed(each.path)
                guessed += 1
            code = _made(each, told, kind, _free_id(told.id, above, each.path[-1], taken), names)
            new.append(code)
            code_id = code.id
            taken.add(code_id)
            names.add(_plain(code.name))
        ids[each.key] = by_path[each.path] = code_id
    return Matched(ids, tuple(_resolved(new, taken)), guessed)


def _same_place(each: ForeignCode, above: str | None, codebook: Codebook, claimed: Collection[str]) -> str | None:
    """Return the code of that name under the same parent, also one that :func:`_made` had to call otherwise."""
    if above is None and len(each.path) > 1:
        return None
    name = re.escape(_plain(each.path[-1]))
    parent = re.escape(f" ({_plain(each.path[-2])})") if len(each.path) > 1 else ""
    called = re.compile(rf"{name}(?:{parent})?(?: \d+)?")
    alike = [code for code in codebook.codes if code.parent == above and called.fullmatch(_plain(code.name))]
    # The very name first, then those made different by a number.
    alike.sort(key=lambda code: len(code.name))
    return next((code.id for code in alike if code.id not in claimed), None)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def slug(name: str) -> str:
    """Return a name as a part of a code's id.

    >>> slug("Åbne døre & råderum")
    'aabne-doere-raaderum'
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).lower().translate(_DANISH))
    return re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")[:60].strip("-") or "kode"


def _free_id(told: str | None, above: str | None, name: str, taken: Iterable[str]) -> str:
    parent = told.rpartition(".")[0] if told else ""
    if told and told not in taken and (not parent or parent in taken):
        return told
    wanted = f"{above}.{slug(name)}" if above else slug(name)
    number, candidate = 2, wanted
    while candidate in taken:
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def _kind_of_groups(groups: Iterable[str]) -> Kind | None:
    words = {group.rpartition(":")[2].strip().lower() for group in groups}
    return next((kind for kind in Kind if kind.value in words), None)


def _guessed(path: Sequence[str]) -> Kind:
    for name in reversed(path):
        for kind, words in _KIND_WORDS:
            if any(word in name.lower() for word in words):
                return kind
    return Kind.EKSEMPEL


def _made(each: ForeignCode, told: Described, kind: Kind, code_id: str, names: set[str]) -> Code:
    name = " ".join(each.path[-1].split())
    # Names are unique in a codebook, in other programs only under one parent.
    if _plain(name) in names and len(each.path) > 1:
        name = f"{name} ({each.path[-2]})"
    number, unique = 2, name
    while _plain(unique) in names:
        unique, number = f"{name} {number}", number + 1
    return Code(
        id=code_id,
        name=unique,
        kind=kind,
        definition=told.definition or UNDEFINED,
        use_when=told.use_when,
        not_when=told.not_when,
        examples=told.examples,
        near_misses=told.near_misses,
        color=each.color,
    )


def _resolved(codes: Sequence[Code], known: set[str]) -> Iterable[Code]:
    """Yield codes without references to codes that are in neither book, and without colours they inherit."""
    colors = {code.id: code.color for code in codes}
    for code in codes:
        inherited = code.color is not None and code.color == colors.get(code.parent or "")
        yield replace(
            code,
            not_when=tuple((when, use if use in known else None) for when, use in code.not_when),
            near_misses=tuple((text, use if use in known else None) for text, use in code.near_misses),
            color=None if inherited else code.color,
        )
