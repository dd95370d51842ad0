"""What a REFI-QDA project would bring into a study: sources matched, positions checked, decisions made of codings."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from qualcode.agreement.elsewhere import join_round
from qualcode.errors import InputError, UsageError
from qualcode.exchange.brought import Brought, Memo, Outcome, open_events, round_events, told
from qualcode.exchange.refi.guids import guid
from qualcode.exchange.refi.new_transcripts import NewTranscript, new_transcript
from qualcode.exchange.refi.offsets import Counting, Ruler, choose_counting, flat
from qualcode.exchange.refi.placing import Check, Placed, in_turns, interview_of, place_all
from qualcode.exchange.refi.project import RefiCoding, RefiProject, RefiSelection, RefiSource
from qualcode.exchange.refi.project_codes import match_project, new_codebook, told_of
from qualcode.exchange.refi.project_in import read_project
from qualcode.exchange.refi.project_out import MACHINE
from qualcode.exchange.refi.remarks import parse_remarks
from qualcode.exchange.requests import ImportPlan, ImportRequest
from qualcode.files import OWNER_ONLY, replace_file
from qualcode.ingest.document import canonical
from qualcode.models import Interview
from qualcode.store.documents import load_interviews, save_interview
from qualcode.store.journal import append

_MOST_LISTED = 20


def import_qdpx(request: ImportRequest) -> ImportPlan:
    """Return what a project would bring into the study; nothing is stored.

    Raises:
        InputError: the file is damaged, hostile or lacks what the standard demands.
        UsageError: it is not clear whose codings are wanted.
    """
    project = read_project(request.content, request.file)
    with request.database.read() as session:
        interviews = list(load_interviews(session, request.study.name))
    return _Planner(request, project, interviews).plan()


@dataclass
class _Findings:
    """What is found on the way: lines about sources, passages left out, counts by a Danish word, new transcripts."""

    lines: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    new: list[NewTranscript] = field(default_factory=list)


class _Planner:
    """Plans one import; holds the project, the study's interviews and what is found, which its steps share."""

    def __init__(self, request: ImportRequest, project: RefiProject, interviews: Sequence[Interview]) -> None:
        self._request = request
        self._project = project
        self._interviews = list(interviews)
        self._codes = match_project(project, request.codebook)
        self._names = {code.guid: code.name for code in project.codes}
        self._machines = {guid("user", MACHINE)} | {
            key for key, name in project.users.items() if name.casefold() == MACHINE
        }
        self._coder = self._wanted_coder()

    def plan(self) -> ImportPlan:
        """Return the plan."""
        found = _Findings()
        brought = list(self._brought(found))
        book = new_codebook(self._request.codebook, self._codes, self._request.study.folder)
        files = {self._request.study.folder / new.interview.file: new.content for new in found.new} | book
        files = {path: content for path, content in files.items() if not path.exists()}
        with self._request.database.read() as session:
            outcome = self._outcome(session, brought, found.new)

        def apply(session: Session) -> None:
            # Planned anew: the study may have changed since the plan was shown.
            events = self._outcome(session, brought, found.new).events
            for event in events:
                append(session, event)
            for new in found.new:
                save_interview(session, self._request.study.name, "", new.interview)
            if self._request.round:
                interviews = [*self._interviews, *(each.interview for each in found.new)]
                join_round(session, self._request.study.name, self._request.round, events, interviews)
            for path, content in files.items():
                replace_file(path, content, OWNER_ONLY)

        counts = found.counts + outcome.counts
        return ImportPlan(
            lines=(self._title(), *found.lines, *told_of(self._codes, book), *told(counts), *_listed(found.lost)),
            counts=dict(counts),
            faults=(),
            changes=bool(outcome.events or files),
            apply=apply,
        )

    def _outcome(self, session: Session, brought: Sequence[Brought], new: Sequence[NewTranscript]) -> Outcome:
        request = self._request
        if request.round:
            return round_events(session, request.study.name, brought, request.codebook.digest, request.round)
        interviews = [*self._interviews, *(each.interview for each in new)]
        return open_events(session, request.study.name, interviews, brought, request.codebook.digest)

    def _title(self) -> str:
        project = self._project
        people = sorted(name for key, name in project.users.items() if key not in self._machines and name)
        return (
            f"Projektet '{project.name}' fra {project.origin or 'et ukendt program'}: {len(project.sources)} kilder, "
            f"{len(project.codes)} koder, brugere: {', '.join(people) or 'ingen'}."
        )

    def _wanted_coder(self) -> str | None:
        """Return the user whose codings alone are wanted, None for everybody's.

        Raises:
            UsageError: several people have coded, and the coder asked for is none of them.
        """
        people = {
            self._project.users.get(coding.user, "")
            for source in self._project.sources
            for selection in source.selections
            for coding in selection.codings
            if (coding.user or selection.user) not in self._machines
        } - {""}
        coder = self._request.coder
        if coder is None or len(people) <= 1:
            return None
        if coder in people:
            return coder
        raise UsageError(f"Projektet er kodet af flere: {', '.join(sorted(people))}. Angiv en af dem med --coder.")

    def _brought(self, found: _Findings) -> Iterator[Brought]:
        """Yield the project's codings as far as they can be placed in the study."""
        texts = [source for source in self._project.sources if source.text is not None]
        rulers = [Ruler(source.text or "", source.bom) for source in texts]
        places = [[selection.place for selection in source.selections] for source in texts]
        ways = choose_counting(list(zip(rulers, places, strict=True)), self._project.origin)
        if any(places):
            used = dict.fromkeys(str(way) for way, some in zip(ways, places, strict=True) if some)
            found.lines.append(f"Positionerne er læst som {'; '.join(used)}.")
        for source, ruler, way in zip(texts, rulers, ways, strict=True):
            yield from self._from_source(source, ruler, way, found)
        for source in self._project.sources:
            found.counts["koder på hele kilder, som ikke kan overføres"] += source.whole
            found.counts["kodninger på billeder, sideudsnit eller lyd, som ikke kan overføres"] += source.other
            if source.text is None and not (source.other or source.whole):
                found.lines.append(f"Kilden '{source.name}' har ingen ren tekst i filen og er ikke med.")
        if self._project.media:
            names = ", ".join(self._project.media[:5]) + (" …" if len(self._project.media) > 5 else "")
            found.lines.append(
                f"{len(self._project.media)} lyd-, video-, billed- eller PDF-filer er ikke med; "
                f"kun deres tekst kan læses: {names}."
            )

    def _from_source(self, source: RefiSource, ruler: Ruler, way: Counting, found: _Findings) -> Iterator[Brought]:
        interview, shift = self._interview(source, found)
        if interview is None:
            codings = sum(len(selection.codings) for selection in source.selections)
            found.counts["kodninger i kilder, der ikke er interview i studiet"] += codings
            return
        placed = place_all(source, ruler, way, interview.text[shift:])
        for selection, place in zip(source.selections, placed, strict=True):
            if place.span:
                place = Placed((place.span[0] + shift, place.span[1] + shift), place.check)
            if not selection.codings:
                found.counts["markeringer uden kode, som ikke kan overføres"] += 1
            for coding in selection.codings:
                yield from self._from_coding(source, selection, coding, interview, place, found)

    def _interview(self, source: RefiSource, found: _Findings) -> tuple[Interview | None, int]:
        """Return the interview a source is, made of it if need be, and where its text begins there."""
        interview = interview_of(source, self._interviews)
        if interview is not None:
            if flat(canonical(source.text or "")) != flat(interview.text):
                found.lines.append(
                    f"Kilden '{source.name}' er interviewet {interview.id}, men teksten er en anden: "
                    "hver kodning er søgt frem på sine ord."
                )
            return interview, 0
        try:
            taken = [*(known.id for known in self._interviews), *(new.interview.id for new in found.new)]
            new = new_transcript(source, self._request.study, taken)
        except InputError as error:
            found.lines.append(
                f"Kilden '{source.name}' er ikke et interview i studiet og kan ikke blive det: {error.reason}"
            )
            return None, 0
        found.new.append(new)
        found.lines.append(f"Kilden '{source.name}' bliver en ny transskription: {new.interview.file}.")
        return new.interview, len(new.interview.text) - len(canonical(source.text or ""))

    def _from_coding(
        self,
        source: RefiSource,
        selection: RefiSelection,
        coding: RefiCoding,
        interview: Interview,
        place: Placed,
        found: _Findings,
    ) -> Iterator[Brought]:
        remarks = parse_remarks(selection.description)
        user = coding.user or selection.user
        name = self._project.users.get(user, "")
        if coding.code in self._project.cases:
            found.counts["markeringer af, hvem der taler (cases)"] += 1
        elif user in self._machines or remarks.suggested:
            found.counts["forslag fra qualcode, som ingen har godkendt"] += 1
        elif self._coder is not None and name != self._coder:
            found.counts["kodninger af andre end den valgte koder"] += 1
        elif coding.code not in self._codes.ids:
            found.counts["kodninger med en kode, projektet ikke har"] += 1
        else:
            found.counts[f"kodninger {place.check.value}"] += 1
            cut = in_turns(interview, place.span) if place.span else ()
            if place.span and not cut:
                found.counts["kodninger alene på interviewerens ord"] += 1
            if not cut or place.check is Check.MOVED:
                found.lost.append(self._where(source, selection, coding, place))
            if len(cut) > 1:
                found.counts["kodninger over flere ture, som er delt"] += 1
            analyst = (self._request.coder if self._coder is None else None) or name or self._request.analyst
            memos = self._memos(selection, coding, analyst, remarks.memo)
            for number, (turn, start, end) in enumerate(cut):
                yield Brought(
                    interview=interview,
                    turn=turn,
                    start=start,
                    end=end,
                    code=self._codes.ids[coding.code],
                    analyst=analyst,
                    at=coding.at or selection.at,
                    valence=remarks.valence,
                    mark=remarks.mark,
                    memos=memos if number == 0 else (),
                )

    def _memos(self, selection: RefiSelection, coding: RefiCoding, analyst: str, remark: str) -> tuple[Memo, ...]:
        """Return the notes on a coding; the description's own words only where no note says the same."""
        notes = [self._project.notes.get(key) for key in dict.fromkeys((*coding.notes, *selection.notes))]
        memos = [
            Memo(note.text, self._project.users.get(note.user) or analyst, note.at)
            for note in notes
            if note and note.text.strip()
        ]
        if remark and flat(remark) != flat("".join(memo.text for memo in memos)):
            memos.append(Memo(remark, analyst, selection.at))
        return tuple(memos)

    def _where(self, source: RefiSource, selection: RefiSelection, coding: RefiCoding, place: Placed) -> str:
        what = place.check.value if not place.span or place.check is Check.MOVED else "alene på interviewerens ord"
        return (
            f"  '{source.name}', position {selection.place.start}–{selection.place.end}, "
            f"kode '{self._names.get(coding.code, '?')}': {what}"
        )


def _listed(lost: Sequence[str]) -> list[str]:
    """Return the passages that are not where the file says, the first of them one by one."""
    if not lost:
        return []
    more = [f"  og {len(lost) - _MOST_LISTED} til"] if len(lost) > _MOST_LISTED else []
    return ["Se efter disse:", *lost[:_MOST_LISTED], *more]
