"""Sources of a project that are no interview of the study → transcripts for its folder."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualcode.errors import InputError
from qualcode.exchange.codebook_yaml import free_path
from qualcode.exchange.refi.project import RefiSource
from qualcode.ingest.document import canonical
from qualcode.ingest.read import parse
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
_NOT_IN_FILE_NAMES = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True)
class NewTranscript:
    """A transcript to be: the interview read from it, and what its file will hold."""

    interview: Interview
    content: bytes


def new_transcript(source: RefiSource, study: Study, taken: Iterable[str]) -> NewTranscript:
    """Return a source as a transcript of the study; variables that name role, department, date or wave head it.

    Args:
        source: with text
        study: where it goes
        taken: ids of interviews that exist

    Raises:
        InputError: nobody speaks in it, it holds personal data, or its id is taken.
    """
    body = canonical(source.text or "")
    name = _NOT_IN_FILE_NAMES.sub("-", source.name).strip(" .-") or f"kilde-{source.guid[:8]}"
    stem = re.sub(r"\.(txt|docx?|rtf|odt|pdf|md)$", "", name, flags=re.IGNORECASE)
    content = (_header(source.variables) + body).encode("utf-8")
    known = set(taken)
    number, unique = 2, stem
    # MAXQDA has sources of one name; an interview's id is its file's name where the text gives none.
    while unique in known:
        unique, number = f"{stem}-{number}", number + 1
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
    return NewTranscript(interview, content)


def _header(variables: Mapping[str, str]) -> str:
    plain = {name.rpartition(":")[2].strip().casefold(): value for name, value in variables.items()}
    lines = []
    for key, names in _HEADER:
        value = next((plain[name] for name in names if name in plain), "")
        if value:
            lines.append(f"{key}: {' '.join(canonical(value).split())}\n")
    return "".join([*lines, "---\n"]) if lines else ""
