"""An analyst's decision on a coding, checked and added to the journal."""

import datetime
from dataclasses import replace
from pathlib import Path

from qualcode.codebook.load import load_codebook
from qualcode.errors import UsageError
from qualcode.models import Action, Coding, Decision, Interview
from qualcode.review.listing import all_codings
from qualcode.store.database import Database
from qualcode.store.journal import Standing, append, events_of, standing
from qualcode.store.studies import study_codebook

_AS_SUGGESTED = ("start", "end", "quote", "before", "after", "code", "valence")


def decide(
    database: Database,
    coding_id: str,
    action: Action,
    analyst: str,
    *,
    new_code: str | None = None,
    reason: str | None = None,
) -> Decision:
    """Add a decision to the journal and return it.

    Args:
        database: where the coding is
        coding_id: its id, or the beginning of it when no other id begins so
        action: what to do
        analyst: who decides
        new_code: the code to use instead, with ``recode``
        reason: why

    Raises:
        UsageError: no such coding or code, or nothing to undo.
    """
    study, interview, coding = _find(database, coding_id)
    codebook_file = _codebook_of(database, study)
    codebook = load_codebook(codebook_file)
    if (action is Action.RECODE) != (new_code is not None):
        raise UsageError("Angiv den nye kode med --code, og kun sammen med recode.")
    if new_code is not None and new_code not in codebook.by_id:
        raise UsageError(f"Koden '{new_code}' findes ikke i kodebogen {codebook.id}.")
    with database.write() as session:
        held = standing(events_of(session, study, coding.id)).get(coding.id)
        if action is Action.UNDO and held is None:
            raise UsageError(f"Der er ingen afgørelse at fortryde for {coding.id}.")
        decision = replace(
            event_on(coding, interview, held, study=study, codebook=codebook.digest),
            action=action,
            analyst=analyst,
            new_code=new_code,
            reason=reason,
        )
        append(session, decision)
    return decision


def event_on(coding: Coding, interview: Interview, held: Standing | None, *, study: str, codebook: str) -> Decision:
    """Return an acceptance of a coding by nobody, at this moment, for the caller to fill in.

    The journal keeps the coding as it was suggested or added at first, whatever was made of it since.

    Args:
        coding: as it stands now
        interview: where it is
        held: what stands of it so far
        study: name of the study
        codebook: digest of the codebook
    """
    before, after = interview.context(coding.start, coding.end)
    event = Decision(
        coding_id=coding.id,
        action=Action.ACCEPT,
        analyst="",
        at=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        study=study,
        interview=interview.id,
        document_digest=interview.digest,
        codebook_digest=codebook,
        turn=coding.turn,
        start=coding.start,
        end=coding.end,
        speaker=coding.speaker,
        quote=interview.quote(coding.start, coding.end),
        code=coding.code,
        valence=coding.valence,
        before=before,
        after=after,
    )
    if held is None:
        return event
    kept = {name: getattr(held.first, name) for name in _AS_SUGGESTED}
    return replace(event, **kept)


def _find(database: Database, coding_id: str) -> tuple[str, Interview, Coding]:
    found = [entry for entry in all_codings(database) if entry[2].id.startswith(coding_id)]
    if not found:
        raise UsageError(f"Ingen kodning har id'et '{coding_id}'. Se dem med 'qualcode review STUDY_DIR --list'.")
    if len(found) > 1:
        raise UsageError(f"{len(found)} kodninger begynder med '{coding_id}'. Skriv flere tegn.")
    return found[0]


def _codebook_of(database: Database, study: str) -> Path:
    with database.read() as session:
        file = study_codebook(session, study)
    if file is None:
        raise UsageError(f"Kodebogen for studiet '{study}' er flyttet. Kør 'qualcode run' på studiet igen.")
    return file
