"""An analyst's decision on a coding, checked and added to the journal."""

import datetime
from dataclasses import replace
from pathlib import Path

from qualcode.codebook.load import load_codebook
from qualcode.errors import UsageError
from qualcode.models import Action, Coding, Decision, Interview
from qualcode.review.listing import all_codings
from qualcode.store.database import Database
from qualcode.store.journal import append, decisions, standing
from qualcode.store.studies import study_codebook


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
    decision = Decision(
        coding_id=coding.id,
        action=action,
        analyst=analyst,
        at=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        study=study,
        interview=interview.id,
        document_digest=interview.digest,
        codebook_digest=codebook.digest,
        turn=coding.turn,
        start=coding.start,
        end=coding.end,
        speaker=coding.speaker,
        quote=interview.quote(coding.start, coding.end),
        code=coding.code,
        valence=coding.valence,
        new_code=new_code,
        reason=reason,
    )
    with database.write() as session:
        before = standing(decisions(session, study)).get(coding.id)
        if action is Action.UNDO and before is None:
            raise UsageError(f"Der er ingen afgørelse at fortryde for {coding.id}.")
        if before is not None:
            # The journal keeps what was suggested at first, whatever it was recoded to since.
            decision = replace(decision, code=before.code)
        append(session, decision)
    return decision


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
    if file is None or not file.is_file():
        raise UsageError(f"Kodebogen for studiet '{study}' er flyttet. Kør 'qualcode run' på studiet igen.")
    return file
