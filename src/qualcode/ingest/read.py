"""One file → one :class:`Interview`: read, find turns, name the interviewer, give each respondent a level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from qualcode.errors import InputError
from qualcode.ingest.document import Document, Source, assemble
from qualcode.ingest.filename import facts_in_name
from qualcode.ingest.formats import reader_for
from qualcode.ingest.levels import level_of
from qualcode.ingest.signature import check_name
from qualcode.ingest.speakers import Named, find_interviewers
from qualcode.ingest.top import Top, read_top
from qualcode.ingest.turns import Speech, find_turns, possible_labels
from qualcode.models import Facts, Informant, Interview, Level, Turn

MAX_BYTES = 50_000_000
# More text than forty hours of talk: no interview, and it would fill the memory.
MAX_CHARACTERS = 3_000_000
NO_SPEAKERS = "ingen talere fundet"
_LABELS_WANTED = "Skriv 'I:' foran interviewerens ord og fx 'IP:' foran informantens, hver på ny linje"
_NAMELESS = "Transskribér igen med talergenkendelse (fx WhisperX), eller skriv talerne ind i en .docx eller .txt"
# Raise it whenever the same file would be read in another way.
VERSION = "5"


@dataclass(frozen=True, slots=True)
class FileHints:
    """What the study knows of one transcript; None where it says nothing."""

    interview: str | None = None
    facts: Facts = field(default_factory=Facts)
    interviewers: tuple[str, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hints:
    """What the study knows that a transcript may not say.

    Attributes:
        interviewers: labels that mean the interviewer
        speakers: label → role, for all transcripts of the study
        files: file name → what is known of that transcript alone
        accept_changes: read tracked changes as accepted, instead of refusing the file
    """

    interviewers: tuple[str, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileHints] = field(default_factory=dict)
    accept_changes: bool = False

    def of(self, file: str) -> FileHints:
        """Return what is known of a file, the study's own labels included."""
        own = self.files.get(file, FileHints())
        return replace(
            own, interviewers=(*own.interviewers, *self.interviewers), speakers={**self.speakers, **own.speakers}
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """An interview and how it was understood.

    Attributes:
        interviewers: the labels taken for the interviewer's
        why: why they were, in Danish
        warnings: what a person should look at, in Danish
    """

    interview: Interview
    interviewers: tuple[str, ...]
    why: str
    warnings: tuple[str, ...]


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
    return understand(data, file, hints).interview


def understand(data: bytes, file: str, hints: Hints = Hints()) -> Reading:
    """Return the interview in a file's bytes with the reasons for how it was read.

    Raises:
        InputError: the bytes cannot be read, or nobody speaks in them.
    """
    reader = reader_for(Path(file))
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise InputError(file, "filen er tom", mend="Læg transskriptionen i den, eller fjern filen")
    check_name(data, file, Path(file).suffix.lower())
    document = assemble(reader(Source(data, file, hints.accept_changes)))
    if not document.text.strip():
        raise InputError(file, "filen indeholder ingen tekst", mend="Læg transskriptionen i den, eller fjern filen")
    if len(document.text) > MAX_CHARACTERS:
        raise InputError(file, "teksten er længere end noget interview", mend="Del den i flere interview")
    return _understand(document, file, hints.of(file))


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


def _understand(document: Document, file: str, hints: FileHints) -> Reading:
    labels = possible_labels(document)
    top = read_top(document, [label.text for label in labels if label])
    legend = top.legend
    known = (*hints.interviewers, *hints.speakers, *sorted(legend.interviewers | legend.respondents))
    speeches = find_turns(document, labels, top.blocks, known, lenient=top.closed)
    if not speeches:
        raise InputError(
            file,
            NO_SPEAKERS,
            mend=_NAMELESS if any(block.time for block in document.blocks) else _LABELS_WANTED,
        )
    said: dict[str, list[str]] = {}
    for speech in speeches:
        said.setdefault(speech.speaker, []).append(document.text[speech.spans[0][0] : speech.spans[-1][1]])
    named = (
        Named(frozenset(hints.interviewers), frozenset(hints.speakers), "angivet i study.yaml"),
        Named(frozenset(legend.interviewers), frozenset(legend.respondents), "angivet øverst i transskriptionen"),
    )
    interviewers, why = find_interviewers(said, named)
    if speeches[0].unlabelled:
        why = "spørgsmålene står med fed eller kursiv"
    respondents = [label for label in said if label not in interviewers]
    if not respondents:
        raise InputError(
            file, "kun intervieweren taler", mend="Skriv fx 'IP:' foran informantens ord, hver på ny linje"
        )
    facts = _facts(hints.facts, top.facts, facts_in_name(file))
    informants = tuple(_informants(respondents, _own_roles(speeches, top, hints), facts.role))
    interview = Interview(
        id=hints.interview or top.interview or Path(file).stem,
        file=file,
        text=document.text,
        turns=tuple(_turns(speeches, interviewers)),
        informants=informants,
        facts=facts,
    )
    warnings = tuple(_warnings(interview, interviewers, why))
    return Reading(interview, tuple(label for label in said if label in interviewers), why, warnings)


def _facts(*sources: Facts) -> Facts:
    """Return each fact from the first source that knows it."""
    values = [asdict(source) for source in sources]
    return Facts(**{name: next((each[name] for each in values if each[name]), None) for name in values[0]})


def _turns(speeches: Sequence[Speech], interviewers: Iterable[str]) -> Iterator[Turn]:
    for number, speech in enumerate(speeches, start=1):
        start, end = speech.spans[0][0], speech.spans[-1][1]
        yield Turn(number, start, end, speech.speaker, speech.speaker in interviewers, speech.time)


def _own_roles(speeches: Sequence[Speech], top: Top, hints: FileHints) -> dict[str, str]:
    """Return the roles that are said of one label: by a column, the label's title, the legend, the study."""
    roles: dict[str, str] = {}
    for speech in speeches:
        role = speech.role or speech.title
        if role:
            roles.setdefault(speech.speaker, role)
    return roles | top.legend.roles | dict(hints.speakers)


def _informants(labels: Sequence[str], own: Mapping[str, str], shared: str | None) -> Iterator[Informant]:
    """Yield the respondents; the interview's role is the one's who has none of their own.

    Of several without a role of their own nobody can tell whose it is, unless it is a plural (``pædagoger``).
    """
    roles = dict(own)
    if len(labels) > 1:
        # Beside others, a label that is a title says who speaks; alone, the header says it better.
        roles = {label: label for label in labels if level_of(label) is not Level.UKENDT} | roles
    without = [label for label in labels if label not in roles]
    if shared and (len(without) == 1 or _is_plural(shared)):
        roles |= dict.fromkeys(without, shared)
    for label in labels:
        role = roles.get(label) or (label if level_of(label) is not Level.UKENDT else None)
        if role:
            yield Informant(label, role.strip(), level_of(role))
        else:
            yield Informant(label, Level.UKENDT.value, Level.UKENDT)


def _is_plural(role: str) -> bool:
    first = role.split()[0].strip(",.").lower() if role.split() else ""
    return first.endswith(("ere", "erne", "ger", "ter", "ler", "ller", "nter", "rer", "cher"))


def _warnings(interview: Interview, interviewers: Iterable[str], why: str) -> Iterator[str]:
    if not interviewers:
        yield f"{why}: alle taleres ord kodes. Skriv 'interviewers: [ETIKET]' i study.yaml"
    unknown = [informant.speaker for informant in interview.informants if informant.level is Level.UKENDT]
    if unknown:
        yield f"niveau ukendt for {', '.join(unknown)}"
    before = interview.text[: interview.turns[0].start]
    if len(before.split()) > 150:
        yield f"{len(before.split())} ord står før den første taler og læses ikke som tale"
    if "\ufffd" in interview.text:
        yield "teksten har tegn, der ikke kunne læses (�)"
