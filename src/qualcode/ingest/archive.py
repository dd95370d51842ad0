"""Open what Word, LibreOffice and Excel save: zip archives of XML, taken for hostile until shown otherwise.

Only the parts asked for are unpacked, after their size is known. XML is read without entities and without a
document type; archives inside the archive are never opened.
"""

import io
import zipfile

from lxml import etree

from qualcode.errors import InputError
from qualcode.ingest.document import Source

MAX_PART = 50_000_000
MAX_PARTS = 20_000
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1


class Archive:
    """The parts of an office file.

    Args:
        source: the file
        kind: what to call it, e.g. ``Word-filen``
        mend: what to do when it cannot be read

    Raises:
        InputError: no archive, an encrypted one, or one with too many parts.
    """

    def __init__(self, source: Source, kind: str, mend: str) -> None:
        self._file, self._kind, self._mend = source.file, kind, mend
        if source.data.startswith(_OLE):
            raise InputError(source.file, "filen er krypteret eller i et gammelt Office-format", mend=mend)
        try:
            # Held open over the bytes already in memory: there is nothing to close.
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
            self._parts = {entry.filename: entry for entry in self._zip.infolist()}
        except Exception:
            # zipfile lets a dozen errors through for damaged archives; to the user they are one thing.
            raise self.unreadable() from None
        if len(self._parts) > MAX_PARTS:
            raise InputError(source.file, f"{kind} har over {MAX_PARTS} dele", mend=mend)
        if any(entry.flag_bits & _ENCRYPTED for entry in self._parts.values()):
            raise InputError(source.file, f"{kind} er krypteret", mend=mend)

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def check_all(self) -> None:
        """Refuse an archive whose parts together are too big or unsafe, for libraries that unpack them all.

        Raises:
            InputError: they are.
        """
        if sum(entry.file_size for entry in self._parts.values()) > MAX_PART:
            raise self._too_big()
        for part in self._parts:
            if part.endswith((".xml", ".rels")):
                self.xml(part)

    def xml(self, part: str) -> etree._Element:
        """Return the root of an XML part.

        Raises:
            InputError: the part is missing, too big, damaged, or declares a document type.
        """
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        if part in self._parts and self._parts[part].file_size > MAX_PART:
            raise self._too_big()
        try:
            root = etree.fromstring(self._zip.read(part), parser)
        except Exception:
            raise self.unreadable() from None
        if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
            raise InputError(self._file, f"{self._kind} indeholder XML-entiteter", mend=self._mend)
        return root

    def unreadable(self) -> InputError:
        """Return the error for a damaged file."""
        return InputError(self._file, f"{self._kind} kan ikke læses", mend=self._mend)

    def _too_big(self) -> InputError:
        megabytes = MAX_PART // 1_000_000
        return InputError(self._file, f"{self._kind} pakker ud til over {megabytes} MB tekst", mend=self._mend)


def local(element: etree._Element) -> str:
    """Return an element's name without namespace: the strict and the usual kind of a format differ only in that."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its name without namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)
