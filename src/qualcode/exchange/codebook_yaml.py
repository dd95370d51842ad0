"""A codebook as the YAML file that people keep, and where a new one is put."""

from dataclasses import replace
from pathlib import Path

import yaml

from qualcode.codebook.bank import bank_file
from qualcode.models import Code, Codebook


def codebook_yaml(codebook: Codebook) -> str:
    """Return a codebook as YAML; the bank of examples lies in a file of its own and is not in it."""
    head = {
        "id": codebook.id,
        "title": codebook.title,
        "version": codebook.version,
        "language": "da",
        "source": codebook.source,
        "description": codebook.description,
        "codes": [_entry(code) for code in codebook.codes],
        "uncoded": list(codebook.uncoded),
    }
    filled = {key: value for key, value in head.items() if value}
    return yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=110)


def _entry(code: Code) -> dict[str, object]:
    entry = {
        "id": code.id,
        "name": code.name,
        "kind": code.kind.value,
        "color": code.color,
        "definition": code.definition,
        "use_when": code.use_when,
        "not_when": [_pointing("when", when, use) for when, use in code.not_when],
        "patterns": [
            pattern if isinstance(pattern, str) else {"spacy": [dict(token) for token in pattern]}
            for pattern in code.patterns
        ],
        "examples": list(code.examples),
        "near_misses": [_pointing("text", text, use) for text, use in code.near_misses],
    }
    return {key: value for key, value in entry.items() if value}


def _pointing(key: str, text: str, use: str | None) -> dict[str, str]:
    return {key: text, "use": use} if use else {key: text}


def extended(codebook: Codebook, new: tuple[Code, ...]) -> Codebook:
    """Return a codebook with codes added, each below the code it belongs under; the id stays, so its bank fits."""
    codes = list(codebook.codes)
    for code in new:
        last = max(
            (place for place, other in enumerate(codes) if other.id == code.parent or _under(other, code.parent)),
            default=len(codes) - 1,
        )
        codes.insert(last + 1, code)
    return replace(codebook, codes=tuple(codes), version=f"{codebook.version}+import")


def _under(code: Code, parent: str | None) -> bool:
    return parent is not None and code.id.startswith(f"{parent}.")


def free_path(wanted: Path, content: bytes) -> Path:
    """Return a path where content may be written: the wanted one, or a numbered one beside it.

    A file that holds just this content already is taken again; nothing else is ever overwritten.
    """
    number, path = 2, wanted
    while not _may_be(path, content):
        path, number = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}"), number + 1
    return path


def _may_be(path: Path, content: bytes) -> bool:
    return not path.exists() or (path.is_file() and path.read_bytes() == content)


def bank_yaml(codebook: Codebook) -> str:
    """Return a codebook's bank of examples as YAML."""
    passages = [
        {
            "text": example.text,
            "codes": list(example.codes),
            "near_miss_of": list(example.near_miss_of),
            "valence": example.valence.value if example.valence else None,
            "group": example.group,
            "asked": example.asked,
            "around": example.around,
        }
        for example in codebook.bank
    ]
    filled = [{key: value for key, value in passage.items() if value} for passage in passages]
    return yaml.safe_dump({"codebook": codebook.id, "passages": filled}, allow_unicode=True, sort_keys=False, width=110)


def codebook_files(codebook: Codebook, wanted: Path) -> dict[Path, bytes]:
    """Return the files that make up a codebook, by path: no other file lies at these paths."""
    content = codebook_yaml(codebook).encode("utf-8")
    bank = bank_yaml(codebook).encode("utf-8") if codebook.bank else None
    number, path = 2, wanted
    while not (_may_be(path, content) and (bank is None or _may_be(bank_file(path), bank))):
        path, number = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}"), number + 1
    return {path: content} | ({bank_file(path): bank} if bank is not None else {})
