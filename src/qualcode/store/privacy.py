"""Decisions on the privacy gate's findings: appended, the last one on an identifier stands."""

import datetime
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.privacy.decisions import Gate, Verdict, token
from qualcode.privacy.findings import Kind
from qualcode.store.database import count_change
from qualcode.store.schema import MetaRow, PrivacyDecisionRow

_SALT = "privacy_salt"


def gate_of(session: Session, study: str, *, allow_flagged: bool = False) -> Gate:
    """Return a study's gate with its decisions."""
    rows = session.scalars(
        select(PrivacyDecisionRow).where(PrivacyDecisionRow.study == study).order_by(PrivacyDecisionRow.id)
    )
    salt = session.get(MetaRow, _SALT)
    verdicts = {row.token: Verdict(row.verdict) for row in rows}
    return Gate(salt.value if salt else "", verdicts, allow_flagged)


def remember_verdict(session: Session, study: str, kind: Kind, plain: str, verdict: Verdict, analyst: str) -> None:
    """Add a decision on an identifier.

    Args:
        session: within a transaction
        study: name of the study it holds for
        kind: kind of the identifier
        plain: the identifier's plain form; only its hash is stored
        verdict: what was decided
        analyst: who decided
    """
    count_change(session)
    salt = session.get(MetaRow, _SALT)
    if salt is None:
        salt = MetaRow(key=_SALT, value=secrets.token_hex(16))
        session.add(salt)
    session.add(
        PrivacyDecisionRow(
            study=study,
            kind=kind.value,
            token=token(salt.value, kind, plain),
            verdict=verdict.value,
            analyst=analyst,
            at=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        )
    )
