"""The code tree of a project or codebook file."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from qualcode.errors import InputError
from qualcode.exchange.refi.guids import same_guid
from qualcode.exchange.refi.project import RefiCode
from qualcode.exchange.refi.xmlsafe import MAX_DEPTH, child_text, children, required


def note_refs(element: Element) -> tuple[str, ...]:
    """Return the GUIDs of the notes that an element refers to."""
    return tuple(same_guid(note.get("targetGUID") or "") for note in children(element, "NoteRef"))


def read_codes(holder: Element, file: str) -> tuple[RefiCode, ...]:
    """Return the codes under an element with ``<Codes>`` in it, parents before their children.

    Raises:
        InputError: a code lacks name or GUID, two share a GUID, or the tree is absurdly deep.
    """
    found: list[RefiCode] = []
    seen: set[str] = set()
    for codes in children(holder, "Codes"):
        for code in _walk(codes, (), file):
            if code.guid in seen:
                raise InputError(file, "to koder har samme guid", mend="Eksportér igen fra programmet")
            seen.add(code.guid)
            found.append(code)
    return tuple(found)


def _walk(parent: Element, above: tuple[str, ...], file: str) -> Iterator[RefiCode]:
    if len(above) > MAX_DEPTH:
        raise InputError(file, f"kodetræet er over {MAX_DEPTH} lag dybt", mend="Eksportér igen fra programmet")
    for element in children(parent, "Code"):
        path = (*above, " ".join(required(element, "name", file).split()) or "?")
        yield RefiCode(
            guid=same_guid(required(element, "guid", file)),
            path=path,
            description=child_text(element, "Description").strip(),
            color=_color(element.get("color")),
            codable=element.get("isCodable", "true").strip().lower() not in ("false", "0"),
            notes=note_refs(element),
        )
        yield from _walk(element, path, file)


def _color(value: str | None) -> str | None:
    """Return a colour as ``#rrggbb``, None for anything else."""
    digits = (value or "").strip().lstrip("#").lower()
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if len(digits) == 6 and set(digits) <= set("0123456789abcdef") else None


def read_sets(root: Element) -> dict[str, tuple[str, ...]]:
    """Return for the GUID of each code the names of the sets it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for sets in children(root, "Sets"):
        for each in children(sets, "Set"):
            for member in children(each, "MemberCode"):
                # Codebooks say "guid", projects "targetGUID".
                key = same_guid(member.get("guid") or member.get("targetGUID") or "")
                found[key] = (*found.get(key, ()), each.get("name") or "")
    return found
