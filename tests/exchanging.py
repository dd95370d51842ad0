"""Studies in a database without files or encoders, and projects as other programs write them."""

import io
import itertools
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qualcode.exchange.requests import ExportRequest, ImportRequest
from qualcode.ingest.read import parse
from qualcode.models import Action, Codebook, Coding, Decision, Interview, Source, Valence, digest
from qualcode.review.decide import event_on
from qualcode.store.codings import effective_codings, save_suggestions
from qualcode.store.database import Database
from qualcode.store.documents import load_interviews, save_interview
from qualcode.store.journal import append
from qualcode.store.studies import remember_study
from qualcode.study import Study, StudySettings

_numbers = itertools.count()
NAMESPACE = "urn:QDA-XML:project:1.0"


@dataclass
class Bench:
    """A study in a database."""

    database: Database
    study: Study
    codebook: Codebook

    def export(self, **options: bool) -> ExportRequest:
        return ExportRequest(self.study, self.database, self.codebook, **options)

    def request(self, content: bytes, file: str = "p.qdpx", **options: str) -> ImportRequest:
        return ImportRequest(self.study, self.database, self.codebook, file, content, "logget-ind", **options)

    def codings(self) -> list[Coding]:
        with self.database.read() as session:
            interviews = list(load_interviews(session, self.study.name))
            return list(effective_codings(session, self.study.name, interviews))

    def told(self) -> set[tuple[object, ...]]:
        """Return what a round trip must keep of the codings that people made."""
        return {
            (c.interview, c.turn, c.start, c.end, c.code, c.valence, c.status, c.speaker, c.mark, c.memos)
            for c in self.codings()
        }


def bench(
    database: Database, codebook: Codebook, interviews: Iterable[Interview], folder: Path = Path("/nowhere")
) -> Bench:
    """Return a study of its own with interviews in it."""
    study = Study(folder / f"studie{next(_numbers)}", StudySettings())
    with database.write() as session:
        remember_study(session, study.name, study.folder, Path("bog.yaml"))
        for interview in interviews:
            save_interview(session, study.name, "", interview)
    return Bench(database, study, codebook)


def read(text: str, file: str = "a.txt") -> Interview:
    return parse(text.encode("utf-8"), file)


def coding(interview: Interview, start: int, end: int, code: str, valence: Valence = Valence.NEUTRAL) -> Coding:
    turn = next(turn for turn in interview.turns if turn.start <= start and end <= turn.end)
    key = digest(interview.id, code, start, end)[:16]
    return Coding(key, interview.id, turn.number, start, end, turn.speaker, code, valence, 0.83, Source.MODEL)


def suggest(held: Bench, interview: Interview, codings: Sequence[Coding]) -> None:
    with held.database.write() as session:
        save_suggestions(session, held.study.name, interview, codings, coded_as="x", units=1)


def decide(held: Bench, interview: Interview, on: Coding, action: Action, analyst: str, **details: object) -> None:
    event = event_on(on, interview, None, study=held.study.name, codebook=held.codebook.digest)
    decision: Decision = replace(event, action=action, analyst=analyst, **details)  # type: ignore[arg-type]
    with held.database.write() as session:
        append(session, decision)


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def qdpx(
    qde: str | bytes, sources: Mapping[str, bytes], *, folder: str = "sources", name: str = "project.qde"
) -> bytes:
    """Return an archive as some program writes it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, qde)
        for source, content in sources.items():
            archive.writestr(f"{folder}/{source}", content)
    return buffer.getvalue()


def qde(body: str, *, origin: str = "NVivo for Windows 12.6", codes: str = "", users: str = "") -> str:
    codes = codes or f'<Code guid="{guid(1)}" name="Driften" isCodable="true"/>'
    users = users or f'<User guid="{guid(900)}" name="Mette"/>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{NAMESPACE}" name="P" origin="{origin}">'
        f"<Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>{body}</Project>"
    )


def text_source(selections: str, *, name: str = "a", number: int = 100, rest: str = "") -> str:
    return (
        f'<Sources><TextSource guid="{guid(number)}" name="{name}" plainTextPath="internal://{guid(number)}.txt">'
        f"{selections}{rest}</TextSource></Sources>"
    )


def selection(start: int, end: int, *, name: str = "", code: int = 1, inside: str = "", number: int = 200) -> str:
    return (
        f'<PlainTextSelection guid="{guid(number + start)}" name="{name}" startPosition="{start}" endPosition="{end}"'
        f' creatingUser="{guid(900)}" creationDateTime="2024-05-06T07:08:09Z">{inside}'
        f'<Coding guid="{guid(5000 + start)}" creatingUser="{guid(900)}"><CodeRef targetGUID="{guid(code)}"/></Coding>'
        "</PlainTextSelection>"
    )
