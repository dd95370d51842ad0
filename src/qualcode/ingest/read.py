"""One file → one :class:`Interview`: read, find turns, name the interviewer, give each respondent a level."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qualcode.errors import InputError
from qualcode.ingest.document import Document, assemble
from qualcode.ingest.formats import reader_for
from qualcode.ingest.levels import level_of
from qualcode.ingest.speakers import find_interviewers
from qualcode.ingest.turns import Header, Speech, find_turns, read_header
from qualcode.models import Informant, Interview, Level, Turn

MAX_BYTES = 50_000_000
# Raise it whenever the same file would be read in another way.
VERSION = "2"
_IN_PARENTHESES = re.compile(r"\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the study knows that a transcript may not say.

    Attributes:
        interviewers: labels that mean the interviewer
        speakers: label → role, for all transcripts of the study
    """

    interviewers: tuple[str, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict)


def read_transcript(path: Path, hints: Hints = Hints()) -> Interview:
    """Return the interview in a file.

    Raises:
        InputError: the file cannot be read, or nobody speaks in it.
    """
    return parse(read_bytes(path), path.name, hints)


def parse(data: bytes, file: str, hints: Hints = Hints()) -> Interview:
    """Return the interview in a file's bytes; the file's ending chooses the reader.

    Raises:
        InputError: the bytes cannot be read, or nobody speaks in them.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise InputError(file, "filen er tom", mend="Læg transskriptionen i den, eller fjern filen")
    document = assemble(reader_for(Path(file))(data, file))
    if not document.text.strip():
        raise InputError(file, "filen indeholder ingen tekst", mend="Læg transskriptionen i den, eller fjern filen")
    header = read_header(document)
    speeches = find_turns(document, header, (*hints.interviewers, *hints.speakers))
    if not speeches:
        raise InputError(
            file,
            "ingen talere fundet",
            mend="Skriv 'I:' foran interviewerens ord og fx 'IP:' foran informantens, hver på ny linje",
        )
    return _interview(document, header, speeches, file, hints)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        InputError: the file cannot be opened or is too big.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(path, "filen er over 50 MB", mend="Del den i flere interview")
        return path.read_bytes()
    except OSError as error:
        raise InputError(path, f"filen kan ikke åbnes ({error.strerror})") from None


def _interview(document: Document, header: Header, speeches: list[Speech], file: str, hints: Hints) -> Interview:
    said: dict[str, list[str]] = {}
    for speech in speeches:
        words = document.text[speech.spans[0][0] : speech.spans[-1][1]]
        said.setdefault(speech.speaker, []).append(words)
    interviewers, _ = find_interviewers(said, hints.interviewers)
    turns = tuple(
        Turn(
            number=number,
            start=speech.spans[0][0],
            end=speech.spans[-1][1],
            speaker=speech.speaker,
            interviewer=speech.speaker in interviewers,
            time=speech.time,
        )
        for number, speech in enumerate(speeches, start=1)
    )
    respondents = [label for label in said if label not in interviewers]
    if not respondents:
        raise InputError(
            file, "kun intervieweren taler", mend="Skriv fx 'IP:' foran informantens ord, hver på ny linje"
        )
    return Interview(
        id=header.interview or Path(file).stem,
        file=file,
        text=document.text,
        turns=turns,
        informants=tuple(_informant(label, header.facts.role, hints) for label in respondents),
        facts=header.facts,
    )


def _informant(label: str, header_role: str | None, hints: Hints) -> Informant:
    """Take the role from the study, the label's parenthesis, the header, or a label that is a title."""
    in_parentheses = _IN_PARENTHESES.search(label)
    role = hints.speakers.get(label) or (in_parentheses and in_parentheses[1]) or header_role
    if not role and level_of(label) is not Level.UKENDT:
        role = label
    if not role:
        return Informant(label, Level.UKENDT.value, Level.UKENDT)
    return Informant(label, role.strip(), level_of(role))
