"""Sources of a project that are no interview of the study → transcripts for its folder."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualcode.errors import InputError
from qualcode.exchange.codebook_yaml import free_path
from qualcode.exchange.refi.cases_in import plain_name
from qualcode.exchange.refi.project import RefiSource
from qualcode.ingest.document import canonical
from qualcode.ingest.read import NO_SPEAKERS, parse
from qualcode.models import Interview
from qualcode.privacy.findings import Certainty, Kind
from qualcode.privacy.gate import find_identifiers
from qualcode.study import Study

# Names may be pseudonyms given in the other program; the gate of the next run asks about them.
_LEFT_TO_THE_RUN = frozenset({Kind.NAVN, Kind.STED, Kind.ARBEJDSPLADS, Kind.POSTNUMMER})
# What other programs call the facts of a transcript's header.
_HEADER = (
    ("Rolle", ("rolle", "role", "stilling", "titel", "position")),
    ("Forvaltning", ("forvaltning", "afdeling", "department", "organisation")),
    ("Dato", ("dato", "date", "interviewdato")),
    ("Bølge", ("bølge", "wave", "runde")),
)
_LABEL = "IP"
_NOT_IN_FILE_NAMES = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True)
class NewTranscript:
    """A transcript to be: the interview, what its file will hold, and whether the source named speakers."""

    interview: Interview
    content: bytes
    speakers: bool


def new_transcript(source: RefiSource, study: Study, taken: Iterable[str]) -> NewTranscript:
    """Return a source as a transcript of the study; variables that name role, department, date or wave head it.

    A text without speakers, an answer in a questionnaire say, was coded all the same: it becomes one respondent's.

    Args:
        source: with text
        study: where it goes
        taken: ids of interviews that exist

    Raises:
        InputError: it is empty, only the interviewer speaks, it holds personal data, or its id is taken.
    """
    header, body = _header(source.variables), canonical(source.text or "")
    name = _NOT_IN_FILE_NAMES.sub("-", source.name).strip(" .-") or f"kilde-{source.guid[:8]}"
    stem = re.sub(r"\.(txt|docx?|rtf|odt|pdf|md)$", "", name, flags=re.IGNORECASE)
    content = (header + body).encode("utf-8")
    known = set(taken)
    number, unique = 2, stem
    # MAXQDA has sources of one name; an interview's id is its file's name where the text gives none.
    while unique in known:
        unique, number = f"{stem}-{number}", number + 1
    path = free_path(study.folder / f"{unique}.txt", content)
    speakers = True
    try:
        interview = parse(content, path.name, study.hints)
    except InputError as error:
        if error.what != NO_SPEAKERS:
            raise
        speakers, content = False, f"{header}{_LABEL}: {body.lstrip()}".encode()
        path = free_path(study.folder / f"{unique}.txt", content)
        interview = parse(content, path.name, study.hints)
    if interview.id in known:
        raise InputError(path, f"interview-id'et '{interview.id}' findes i studiet med en anden tekst")
    findings = [
        finding
        for finding in find_identifiers(interview)
        if finding.certainty is Certainty.DIRECT and finding.kind not in _LEFT_TO_THE_RUN
    ]
    if findings:
        kinds = ", ".join(sorted({finding.kind.value for finding in findings}))
        raise InputError(path, f"{len(findings)} personoplysninger fundet ({kinds})", mend="Erstat dem i programmet")
    return NewTranscript(interview, content, speakers)


def _header(variables: Mapping[str, str]) -> str:
    lines = [f"{key}: {value}\n" for key, value in facts_told(variables).items()]
    return "".join([*lines, "---\n"]) if lines else ""


def facts_told(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what variables tell of an interview, by the keys of a transcript's header."""
    plain = {plain_name(name): " ".join(canonical(value).split()) for name, value in variables.items()}
    told = {key: next((plain[name] for name in names if plain.get(name)), "") for key, names in _HEADER}
    return {key: value for key, value in told.items() if value}
