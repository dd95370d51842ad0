"""The code tree in REFI-QDA: the part that projects and codebook files share, and the codebook file itself."""

from collections.abc import Collection, Mapping, Sequence

from lxml import etree

from qualcode import __version__
from qualcode.exchange.describing import describe
from qualcode.exchange.refi.guids import code_guid, guid
from qualcode.exchange.refi.xmlsafe import add, serialized
from qualcode.exchange.requests import ExportRequest
from qualcode.models import Code, Codebook, Kind

ORIGIN = f"qualcode {__version__}"
KIND_SET = "Art: "
_CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"


def codebook_qdc(codebook: Codebook) -> bytes:
    """Return a codebook as a ``.qdc`` file. Patterns, the bank of examples and uncoded passages are not in it."""
    root = etree.Element(f"{{{_CODEBOOK_NAMESPACE}}}CodeBook", nsmap={None: _CODEBOOK_NAMESPACE}, origin=ORIGIN)  # type: ignore[dict-item]
    add_codes(root, codebook, used=frozenset(), notes={})
    add_kind_sets(root, codebook, "guid")
    return serialized(root)


def export_qdc(request: ExportRequest) -> bytes:
    """Return the codebook of a study as a ``.qdc`` file."""
    return codebook_qdc(request.codebook)


def add_codes(
    holder: etree._Element, codebook: Codebook, used: Collection[str], notes: Mapping[str, Sequence[str]]
) -> None:
    """Append ``<Codes>``, the tree of all codes.

    A code with others under it is a mere heading, which no program lets anyone code with, unless the codebook says
    when to use it or a coding does.

    Args:
        holder: the element to append to
        codebook: the codes
        used: ids of the codes that codings in the file carry
        notes: id of a code → GUIDs of the notes on it
    """
    codes = add(holder, "Codes")
    elements: dict[str | None, etree._Element] = {None: codes}
    for code in codebook.codes:
        assignable = not codebook.children(code.id) or code.id in used or _meant_for_use(code)
        elements[code.id] = element = add(
            elements.get(code.parent, codes),
            "Code",
            guid=code_guid(codebook, code.id),
            name=code.name,
            isCodable="true" if assignable else "false",
            color=_color(codebook, code),
        )
        # The standard wants description and notes before the codes underneath.
        add(element, "Description", describe(code))
        for note in notes.get(code.id, ()):
            add(element, "NoteRef", targetGUID=note)


def _meant_for_use(code: Code) -> bool:
    return bool(code.examples or code.patterns or code.use_when)


def _color(codebook: Codebook, code: Code) -> str | None:
    """Return the code's colour, or the nearest one above it: other programs hand none down."""
    while code.color is None and code.parent in codebook.by_id:
        code = codebook.by_id[code.parent or ""]
    return code.color


def add_kind_sets(root: etree._Element, codebook: Codebook, reference: str) -> None:
    """Append ``<Sets>``: one set a kind, so that "barriere" is a code group in programs that have groups.

    Args:
        root: the element to append to
        codebook: the codes
        reference: the attribute that names a member; codebooks and projects differ
    """
    sets = add(root, "Sets")
    for kind in Kind:
        members = [code for code in codebook.codes if code.kind is kind]
        if members:
            name = f"{KIND_SET}{kind.value}"
            group = add(sets, "Set", guid=guid("kind", codebook.id, kind.value), name=name)
            for code in members:
                add(group, "MemberCode", **{reference: code_guid(codebook, code.id)})
