"""A ``.qdpx`` file → :class:`RefiProject`."""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from qualcode.errors import InputError
from qualcode.exchange.refi.archive import Archive
from qualcode.exchange.refi.cases_in import Cases, read_values
from qualcode.exchange.refi.codes_in import note_refs, read_codes, read_sets
from qualcode.exchange.refi.guids import same_guid
from qualcode.exchange.refi.offsets import Place
from qualcode.exchange.refi.project import RefiCoding, RefiNote, RefiProject, RefiSelection, RefiSource
from qualcode.exchange.refi.xmlsafe import child_text, children, local_name, parse_xml, required, whole_number
from qualcode.ingest.decoding import decode

_MEDIA = ("PictureSource", "PDFSource", "AudioSource", "VideoSource")
_OTHER_SELECTIONS = ("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection")


def read_project(content: bytes, file: str) -> RefiProject:
    """Return the project in a ``.qdpx`` file's bytes.

    Raises:
        InputError: it is damaged, hostile, or lacks what the standard demands.
    """
    archive = Archive(content, file)
    name = archive.project_file()
    root = parse_xml(archive.read(name) or b"", file)
    if local_name(root) != "Project":
        raise InputError(file, "projektfilen begynder ikke med <Project>", mend="Eksportér projektet igen")
    return _Reader(archive, root, name.rpartition("/")[0]).project()


class _Reader:
    """Reads one project; holds the archive, and the variables, cases and links that its parts refer to."""

    def __init__(self, archive: Archive, root: Element, folder: str) -> None:
        self._archive = archive
        self._file = archive.file
        self._root = root
        self._base = f"{folder}/" if folder else ""
        self._variables = {
            same_guid(required(variable, "guid", self._file)): variable.get("name") or ""
            for variable in self._all("Variables", "Variable")
        }
        self._cases = Cases(self._all("Cases", "Case"), self._variables, self._file)
        noted = {same_guid(note.get("guid") or "") for note in self._all("Notes", "Note")}
        self._drawn = len(list(self._all("Graphs", "Graph")))
        self._linked: dict[str, list[str]] = {}
        for link in self._all("Links", "Link"):
            ends = {same_guid(link.get(end) or "") for end in ("originGUID", "targetGUID")}
            # NVivo ties an annotation to its passage by a link.
            for note in ends & noted:
                for thing in ends - noted:
                    self._linked.setdefault(thing, []).append(note)
            self._drawn += not ends & noted

    def project(self) -> RefiProject:
        """Return the project."""
        users = self._named("Users", "User")
        return RefiProject(
            name=self._root.get("name") or "",
            origin=self._root.get("origin") or "",
            users=users,
            codes=tuple(
                replace(code, notes=(*code.notes, *self._linked.get(code.guid, ())))
                for book in children(self._root, "CodeBook")
                for code in read_codes(book, self._file)
            ),
            sets=read_sets(self._root),
            sources=tuple(self._sources()),
            notes={note.guid: note for note in self._notes()},
            cases=self._cases.names,
            media=tuple(
                element.get("name") or element.get("path") or local_name(element)
                for holder in children(self._root, "Sources")
                for element in children(holder, *_MEDIA)
            ),
            drawn=self._drawn,
        )

    def _all(self, holder: str, name: str) -> Iterator[Element]:
        return (element for part in children(self._root, holder) for element in children(part, name))

    def _named(self, holder: str, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in self._all(holder, name):
            guid = same_guid(required(element, "guid", self._file))
            if guid in found:
                raise InputError(self._file, f"to <{name}> har samme guid", mend="Eksportér igen fra programmet")
            found[guid] = (element.get("name") or element.get("id") or "").strip()
        return found

    def _sources(self) -> Iterator[RefiSource]:
        seen: set[str] = set()
        for holder in children(self._root, "Sources"):
            for element in children(holder, "TextSource", *_MEDIA):
                for source in self._texts_of(element):
                    if source.guid in seen:
                        raise InputError(self._file, "to kilder har samme guid", mend="Eksportér igen fra programmet")
                    seen.add(source.guid)
                    yield source

    def _texts_of(self, element: Element) -> Iterator[RefiSource]:
        """Yield the texts of a source: itself, a PDF's plain text, the transcripts of sound and video."""
        if local_name(element) == "TextSource":
            yield self._source(element, element)
            return
        texts = list(children(element, "Representation", "TextDescription", "Transcript"))
        for text in texts:
            yield self._source(text, element)
        if not texts:
            yield RefiSource(
                guid=same_guid(required(element, "guid", self._file)),
                name=element.get("name") or "",
                text=None,
                whole=self._whole(element),
                other=_elsewhere(element),
            )

    def _source(self, text: Element, element: Element) -> RefiSource:
        words, bom = self._words(text)
        guid = same_guid(required(text, "guid", self._file))
        selections = tuple(self._selections(text))
        own = {**read_values(text, self._variables), **read_values(element, self._variables)}
        both = (element,) if text is element else (element, text)
        return RefiSource(
            guid=guid,
            name=element.get("name") or text.get("name") or PurePosixPath(text.get("plainTextPath") or "").stem,
            text=words,
            bom=bom,
            selections=selections,
            variables=own | self._cases.values_of(both, selections, own),
            description="\n\n".join(filter(None, (child_text(each, "Description").strip() for each in both))),
            user=_user(element),
            notes=tuple(note for each in both for note in self._notes_on(each)),
            whole=self._whole(text),
            other=0 if text is element else _elsewhere(element),
        )

    def _whole(self, element: Element) -> int:
        """Return how many codes that are no cases stand on a source as a whole."""
        codes = (ref for coding in children(element, "Coding") for ref in children(coding, "CodeRef"))
        return sum(same_guid(ref.get("targetGUID") or "") not in self._cases.names for ref in codes)

    def _notes_on(self, element: Element) -> tuple[str, ...]:
        return (*note_refs(element), *self._linked.get(same_guid(element.get("guid") or ""), ()))

    def _words(self, element: Element) -> tuple[str | None, bool]:
        """Return the plain text of a source or note, None if there is none, and whether it had a byte order mark."""
        path = element.get("plainTextPath")
        if not path:
            inline = next(children(element, "PlainTextContent"), None)
            return (inline.text or "" if inline is not None else None), False
        data = self._archive.source(path, self._base)
        if data is None and not path.startswith("internal://"):
            return None, False
        if data is None:
            raise InputError(
                self._file,
                f"teksten til '{element.get('name') or 'en kilde'}' mangler i arkivet",
                mend="Eksportér projektet igen fra programmet",
            )
        bom = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        try:
            # The standard's encoding; whatever else a file holds, these are its characters.
            # QualCoder on Windows, asked for line ends as MAXQDA has them, writes two carriage returns.
            return data.decode("utf-8-sig").replace("\r\r\n", "\r\n"), bom
        except UnicodeDecodeError:
            return decode(data, self._file), bom

    def _selections(self, text: Element) -> Iterator[RefiSelection]:
        moments = {
            same_guid(point.get("guid") or ""): point for point in children(text, "SyncPoint") if point.get("position")
        }
        for element in children(text, "PlainTextSelection"):
            start = whole_number(element, "startPosition", self._file)
            yield self._selection(element, start, whole_number(element, "endPosition", self._file))
        for element in children(text, "TranscriptSelection"):
            begin, end = (moments.get(same_guid(element.get(key) or "")) for key in ("fromSyncPoint", "toSyncPoint"))
            if begin is not None and end is not None:
                start = whole_number(begin, "position", self._file)
                yield self._selection(element, start, whole_number(end, "position", self._file))

    def _selection(self, element: Element, start: int, end: int) -> RefiSelection:
        return RefiSelection(
            guid=same_guid(element.get("guid") or ""),
            place=Place(start, end, element.get("name") or ""),
            description=child_text(element, "Description").strip(),
            user=_user(element),
            at=_when(element),
            codings=tuple(self._coding(coding) for coding in children(element, "Coding")),
            notes=self._notes_on(element),
        )

    def _coding(self, element: Element) -> RefiCoding:
        reference = next(children(element, "CodeRef"), None)
        if reference is None:
            raise InputError(self._file, "en <Coding> mangler sin <CodeRef>", mend="Eksportér igen fra programmet")
        code = same_guid(required(reference, "targetGUID", self._file))
        return RefiCoding(code, _user(element), _when(element), self._notes_on(element))

    def _notes(self) -> Iterator[RefiNote]:
        for element in self._all("Notes", "Note"):
            text, _ = self._words(element)
            words = text or child_text(element, "Description")
            about = next((selection.place for selection in self._selections(element)), None)
            yield RefiNote(
                same_guid(required(element, "guid", self._file)), words, _user(element), _when(element), about
            )


def _elsewhere(element: Element) -> int:
    """Return how many codings stand on parts of a source that are no text."""
    return sum(1 for part in children(element, *_OTHER_SELECTIONS) for _ in children(part, "Coding"))


def _user(element: Element) -> str:
    return same_guid(element.get("creatingUser") or element.get("modifyingUser") or "")


def _when(element: Element) -> str | None:
    return element.get("creationDateTime") or element.get("modifiedDateTime")
