"""Taguette's codebook: a CSV table of ``tag``, ``description`` and, when it exports, ``number of highlights``.

Taguette has no tree of codes but paths: ``Ledelse.Råderum`` lies under ``Ledelse``.
"""

import csv
import io
import re

from qualcode.errors import InputError
from qualcode.exchange.codes_in import ForeignCode
from qualcode.exchange.describing import describe
from qualcode.exchange.refi.xmlsafe import clean
from qualcode.ingest.decoding import decode
from qualcode.models import Code, Codebook

_PATH_COLUMNS = ("tag", "name", "path")
_SEPARATOR = "."


def taguette_csv(codebook: Codebook) -> bytes:
    """Return a codebook as Taguette imports it, tags as paths of names; patterns and examples' bank are not in it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["tag", "description"])
    writer.writerows([_path(codebook, code), describe(code)] for code in codebook.codes)
    # Taguette guesses the encoding; without the mark it takes a few Danish letters for those of another.
    return buffer.getvalue().encode("utf-8-sig")


def _path(codebook: Codebook, code: Code) -> str:
    names = [code.name]
    while code.parent in codebook.by_id:
        code = codebook.by_id[code.parent or ""]
        names.insert(0, code.name)
    # A full stop inside a name would split it.
    return _SEPARATOR.join(name.replace(_SEPARATOR, " ").strip() for name in names)


def is_taguette(content: bytes, file: str) -> bool:
    """Tell whether a table is a codebook of tags and no list of codings.

    Raises:
        InputError: it is no text.
    """
    head = {cell.strip(' "').lower() for cell in re.split(r"[,;\t]", decode(content, file).partition("\n")[0])}
    return "tag" in head and "interview" not in head and "content" not in head


def read_taguette(content: bytes, file: str) -> list[ForeignCode]:
    """Return the tags of a codebook that Taguette exported, parents before their children.

    Raises:
        InputError: it is no such table.
    """
    text = decode(content, file)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise InputError(file, "tabellen kan ikke læses som CSV", mend="Eksportér kodebogen igen") from None
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = next((name for name in _PATH_COLUMNS if name in head), None)
    if column is None:
        raise InputError(file, "kolonnen 'tag' mangler", mend="Eksportér kodebogen fra Taguette som CSV")
    tags: dict[tuple[str, ...], str] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(head, map(clean, row), strict=False))
        above = f"{cells['parent'].strip()}{_SEPARATOR}" if cells.get("parent", "").strip() else ""
        path = tuple(part.strip() for part in (above + cells.get(column, "")).split(_SEPARATOR))
        if not all(path):
            raise InputError(file, "et tag har intet navn", mend="Giv det et navn", line=line)
        for length in range(1, len(path)):
            tags.setdefault(path[:length], "")
        tags[path] = cells.get("description", "")
    if not tags:
        raise InputError(file, "tabellen har ingen tags", mend="Eksportér kodebogen igen")
    return [ForeignCode(_SEPARATOR.join(path), path, tags[path]) for path in _in_tree_order(tags)]


def _in_tree_order(tags: dict[tuple[str, ...], str]) -> list[tuple[str, ...]]:
    """Return paths in the file's order, each parent moved before its first child."""
    place = {path: number for number, path in enumerate(tags)}
    return sorted(tags, key=lambda path: [(place[path[:length]], length) for length in range(1, len(path) + 1)])
