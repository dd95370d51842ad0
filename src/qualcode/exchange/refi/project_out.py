r"""A study as a REFI-QDA project (``.qdpx``) that NVivo, ATLAS.ti, MAXQDA and QualCoder open.

Sources are plain text in UTF-8 without byte order mark, line ends ``\n``; positions count code points, the end not
included. Each coding is a selection of its own, named by its words, with its reasons in the description: some programs
keep one user and one description a selection.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree

from qualcode.analysis.frames import in_words
from qualcode.errors import InputError
from qualcode.exchange.refi.archive import packed
from qualcode.exchange.refi.codes_out import ORIGIN, add_codes, add_kind_sets
from qualcode.exchange.refi.guids import code_guid, guid
from qualcode.exchange.refi.remarks import TURN_TABLE, file_remark, remarks_on
from qualcode.exchange.refi.xmlsafe import add, serialized
from qualcode.exchange.requests import ExportRequest
from qualcode.models import Action, Coding, Decision, Informant, Interview, Status
from qualcode.store.journal import decisions, standing_events
from qualcode.store.notes import Note, all_notes

MACHINE = "qualcode"
_NAMESPACE = "urn:QDA-XML:project:1.0"
# Formats that other programs show with their layout; a plain text beside the plain text makes ATLAS.ti stop.
_RICH = frozenset({".docx", ".rtf", ".odt"})
_APPROVING = frozenset({Action.ACCEPT, Action.RECODE, Action.ADD})
# Of sources; the same on cases have names of their own, since QualCoder keeps a variable for one or the other.
_SOURCE_VARIABLES = ("Rolle", "Niveau", "Forvaltning", "Dato", "Bølge")
_CASE_VARIABLES = tuple(f"Informant: {name}" for name in _SOURCE_VARIABLES)


def export_qdpx(request: ExportRequest) -> bytes:
    """Return the study as a project; the same state of the study gives the same bytes. Rejected codings are left out.

    Raises:
        InputError: an original was asked for and cannot be read.
    """
    return _Writer(request).archive()


@dataclass(frozen=True, slots=True)
class _Approval:
    """Who stands for a coding, and since when; the machine at no time."""

    user: str
    at: str | None


class _Writer:
    """Writes one project; holds the request and the journal's events, which its parts share."""

    def __init__(self, request: ExportRequest) -> None:
        self._request = request
        self._study = request.study.name
        self._book = request.codebook
        self._codings = [coding for coding in request.codings if coding.status is not Status.AFVIST]

    @cached_property
    def _events(self) -> Mapping[str, list[Decision]]:
        with self._request.database.read() as session:
            return standing_events(decisions(session, self._study))

    @cached_property
    def _notes(self) -> Mapping[str, list[Note]]:
        """What is noted on the codes and interviews of the file, by ``code:`` or ``interview:`` and an id."""
        there = {f"code:{code.id}" for code in self._book.codes}
        there |= {f"interview:{interview.id}" for interview in self._request.interviews}
        with self._request.database.read() as session:
            notes = all_notes(session, self._study)
        return {about: notes[about] for about in sorted(there & notes.keys())}

    @cached_property
    def _moment(self) -> str:
        """Return the time of the newest event: a project that has not changed tells the same time."""
        moments = [utc(event.at) for stack in self._events.values() for event in stack]
        moments += [utc(note.at) for notes in self._notes.values() for note in notes]
        date = self._request.study.settings.date or datetime.date(2000, 1, 1)
        return max(moments, default=f"{date.isoformat()}T00:00:00Z")

    def archive(self) -> bytes:
        members = {"project.qde": serialized(self._project())}
        for interview in self._request.interviews:
            name = f"sources/{self._source_guid(interview)}"
            members[f"{name}.txt"] = interview.text.encode("utf-8")
            ending = self._rich_ending(interview)
            if ending:
                members[f"{name}{ending}"] = self._original(interview)
        return packed(members)

    def _rich_ending(self, interview: Interview) -> str | None:
        ending = Path(interview.file).suffix.lower()
        return ending if self._request.originals and ending in _RICH else None

    def _original(self, interview: Interview) -> bytes:
        try:
            return (self._request.study.folder / interview.file).read_bytes()
        except OSError as error:
            raise InputError(interview.file, f"filen kan ikke vedlægges ({error.strerror})") from None

    def _project(self) -> etree._Element:
        root = etree.Element(f"{{{_NAMESPACE}}}Project", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]
        machine = _user_guid(MACHINE)
        for key, value in {
            "name": self._request.study.title,
            "origin": ORIGIN,
            "creatingUserGUID": machine,
            "creationDateTime": self._moment,
        }.items():
            root.set(key, value)
        self._add_users(root)
        on_codes = {code.id: self._note_guids(f"code:{code.id}") for code in self._book.codes}
        add_codes(add(root, "CodeBook"), self._book, {coding.code for coding in self._codings}, on_codes)
        self._add_variables(root)
        self._add_cases(root)
        self._add_sources(root)
        self._add_notes(root)
        add_kind_sets(root, self._book, "targetGUID")
        add(root, "Description", f"Kodebog: {self._book.title} ({self._book.id} {self._book.version})")
        return root

    def _add_users(self, root: etree._Element) -> None:
        names = {approval.user for coding in self._codings for approval in self._approvals(coding)}
        names |= {event.analyst for coding in self._codings for event in self._memos(coding)}
        names |= {note.analyst for notes in self._notes.values() for note in notes}
        users = add(root, "Users")
        # People first: QualCoder shows the codings of the first user when it has opened a project.
        for name in [*sorted(names - {MACHINE}), MACHINE]:
            add(users, "User", guid=_user_guid(name), name=name)

    def _add_variables(self, root: etree._Element) -> None:
        variables = add(root, "Variables")
        for name in (*_SOURCE_VARIABLES, *_CASE_VARIABLES):
            add(variables, "Variable", guid=guid("variable", name), name=name, typeOfVariable="Text")

    def _add_cases(self, root: etree._Element) -> None:
        people = [(interview, person) for interview in self._request.interviews for person in interview.informants]
        cases = add(root, "Cases") if people else root
        for interview, person in people:
            name = f"{interview.id} {person.speaker}"
            case = add(cases, "Case", guid=guid("case", self._study, interview.id, person.speaker), name=name)
            _add_values(case, _CASE_VARIABLES, _attributes(interview, [person]))
            add(case, "SourceRef", targetGUID=self._source_guid(interview))
            for coding in self._of(interview):
                if coding.speaker == person.speaker:
                    for approval in self._approvals(coding):
                        add(case, "SelectionRef", targetGUID=self._selection_guid(coding, approval))

    def _add_sources(self, root: etree._Element) -> None:
        sources = add(root, "Sources") if self._request.interviews else root
        for interview in self._request.interviews:
            key, ending = self._source_guid(interview), self._rich_ending(interview)
            source = add(
                sources,
                "TextSource",
                guid=key,
                name=interview.id,
                richTextPath=f"internal://{key}{ending}" if ending else None,
                plainTextPath=f"internal://{key}.txt",
                creatingUser=_user_guid(MACHINE),
                creationDateTime=self._moment,
            )
            add(source, "Description", file_remark(interview.file))
            for coding in self._of(interview):
                for approval in self._approvals(coding):
                    self._add_selection(source, interview, coding, approval)
            for note in (self._turns_guid(interview), *self._note_guids(f"interview:{interview.id}")):
                add(source, "NoteRef", targetGUID=note)
            _add_values(source, _SOURCE_VARIABLES, _attributes(interview, interview.informants))

    def _add_selection(self, source: etree._Element, interview: Interview, coding: Coding, approval: _Approval) -> None:
        key, user, memos = self._selection_guid(coding, approval), _user_guid(approval.user), self._memos(coding)
        selection = add(
            source,
            "PlainTextSelection",
            guid=key,
            name=interview.quote(coding.start, coding.end),
            startPosition=str(coding.start),
            endPosition=str(coding.end),
            creatingUser=user,
            creationDateTime=approval.at,
        )
        reasons = in_words(coding.evidence, interview)
        add(selection, "Description", remarks_on(coding, reasons, [event.reason or "" for event in memos]))
        element = add(selection, "Coding", guid=guid("coding", key), creatingUser=user, creationDateTime=approval.at)
        add(element, "CodeRef", targetGUID=code_guid(self._book, coding.code))
        for number in range(len(memos)):
            add(element, "NoteRef", targetGUID=self._memo_guid(coding, number))

    def _add_notes(self, root: etree._Element) -> None:
        if not self._request.interviews:
            return
        notes = add(root, "Notes")
        for interview in self._request.interviews:
            table = add(
                notes,
                "Note",
                guid=self._turns_guid(interview),
                name=f"Ture i {interview.id}",
                creatingUser=_user_guid(MACHINE),
                creationDateTime=self._moment,
            )
            add(table, "PlainTextContent", _turns(interview))
        for coding in self._codings:
            for number, event in enumerate(self._memos(coding)):
                _add_note(notes, self._memo_guid(coding, number), event.analyst, event.at, event.reason)
        for about, those in self._notes.items():
            for key, note in zip(self._note_guids(about), those, strict=True):
                _add_note(notes, key, note.analyst, note.at, note.text)

    @cached_property
    def _by_interview(self) -> Mapping[str, list[Coding]]:
        found: dict[str, list[Coding]] = {}
        for coding in self._codings:
            found.setdefault(coding.interview, []).append(coding)
        return found

    def _of(self, interview: Interview) -> list[Coding]:
        return self._by_interview.get(interview.id, [])

    def _approvals(self, coding: Coding) -> Sequence[_Approval]:
        """Return who has approved a coding and not rejected it since; the machine for a suggestion."""
        if coding.status is Status.FORESLAAET:
            return [_Approval(MACHINE, None)]
        found: dict[str, str] = {}
        for event in self._events.get(coding.id, []):
            if event.action in _APPROVING:
                found.setdefault(event.analyst, utc(event.at))
            elif event.action is Action.REJECT:
                found.pop(event.analyst, None)
        return [_Approval(user, at) for user, at in found.items()]

    def _memos(self, coding: Coding) -> list[Decision]:
        return [event for event in self._events.get(coding.id, []) if event.action is Action.MEMO and event.reason]

    def _note_guids(self, about: str) -> list[str]:
        return [guid("note", self._study, about, number) for number in range(len(self._notes.get(about, ())))]

    def _source_guid(self, interview: Interview) -> str:
        return guid("source", self._study, interview.id)

    def _turns_guid(self, interview: Interview) -> str:
        return guid("turns", self._study, interview.id)

    def _selection_guid(self, coding: Coding, approval: _Approval) -> str:
        return guid("selection", self._study, coding.id, approval.user)

    def _memo_guid(self, coding: Coding, number: int) -> str:
        return guid("memo", self._study, coding.id, number)


def utc(moment: str) -> str:
    """Return an ISO time as other programs read it: in UTC, ending in ``Z``, whole seconds."""
    try:
        parsed = datetime.datetime.fromisoformat(moment)
    except ValueError:
        return "2000-01-01T00:00:00Z"
    known = parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)
    return known.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add_note(notes: etree._Element, key: str, analyst: str, at: str, text: str | None) -> None:
    note = add(
        notes,
        "Note",
        guid=key,
        name=f"Notat af {analyst}",
        creatingUser=_user_guid(analyst),
        creationDateTime=utc(at),
    )
    add(note, "PlainTextContent", text)


def _user_guid(name: str) -> str:
    return guid("user", name)


def _attributes(interview: Interview, people: Iterable[Informant]) -> Sequence[str | None]:
    """Return the values of the variables, in their order; several people's are listed with semicolons."""
    persons = list(people)
    facts = interview.facts
    roles = "; ".join(dict.fromkeys(person.role for person in persons))
    levels = "; ".join(dict.fromkeys(person.level.value for person in persons))
    return roles, levels, facts.department, facts.date, facts.wave


def _add_values(holder: etree._Element, names: Sequence[str], values: Sequence[str | None]) -> None:
    for name, value in zip(names, values, strict=True):
        if value:
            element = add(holder, "VariableValue")
            add(element, "VariableRef", targetGUID=guid("variable", name))
            add(element, "TextValue", value)


def _turns(interview: Interview) -> str:
    """Return a table of who speaks where: programs find turns by the labels in the text, scripts by this."""
    rows = [TURN_TABLE]
    for turn in interview.turns:
        role = "interviewer" if turn.interviewer else interview.informant(turn.speaker).role
        rows.append(f"{turn.number}; {turn.speaker}; {role}; {turn.time or ''}; {turn.start}; {turn.end}")
    return "\n".join(rows)
