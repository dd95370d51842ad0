"""Analysts who may log in, and the browsers they are logged in with."""

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from qualcode.store.schema import AnalystRow, LoginRow

STAYS = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Login:
    """Who is logged in, and whether a password was given."""

    analyst: str
    proven: bool


def set_password(session: Session, name: str, password_hash: str) -> None:
    """Add an analyst, or change the password; browsers logged in before must log in again."""
    session.merge(AnalystRow(name=name, password=password_hash))
    session.execute(delete(LoginRow).where(LoginRow.analyst == name))


def remove_analyst(session: Session, name: str) -> bool:
    """Let an analyst log in no more; what they decided stays. Tell whether there was one."""
    row = session.get(AnalystRow, name)
    session.execute(delete(LoginRow).where(LoginRow.analyst == name))
    if row is None:
        return False
    session.delete(row)
    return True


def password_hash(session: Session, name: str) -> str | None:
    """Return the hash of an analyst's password, None where there is none."""
    row = session.get(AnalystRow, name)
    return row.password if row else None


def analyst_names(session: Session) -> list[str]:
    """Return the analysts with a password."""
    return list(
        session.scalars(select(AnalystRow.name).where(AnalystRow.password.is_not(None)).order_by(AnalystRow.name))
    )


def has_analysts(session: Session) -> bool:
    """Tell whether anybody can log in with a password."""
    return bool(session.scalar(select(func.count()).where(AnalystRow.password.is_not(None))))


def log_in(session: Session, analyst: str, *, proven: bool) -> str:
    """Return a new token for an analyst's browser."""
    token = secrets.token_urlsafe(32)
    now = datetime.datetime.now(tz=datetime.UTC)
    session.execute(delete(LoginRow).where(LoginRow.until < now.isoformat()))
    session.add(LoginRow(token=_hashed(token), analyst=analyst, proven=proven, until=(now + STAYS).isoformat()))
    return token


def logged_in(session: Session, token: str) -> Login | None:
    """Return who a browser's token belongs to, None where it is unknown or too old."""
    row = session.get(LoginRow, _hashed(token))
    if row is None or row.until < datetime.datetime.now(tz=datetime.UTC).isoformat():
        return None
    return Login(row.analyst, row.proven)


def log_out(session: Session, token: str) -> None:
    """Forget a browser."""
    session.execute(delete(LoginRow).where(LoginRow.token == _hashed(token)))


def _hashed(token: str) -> str:
    # A long random token needs no slow hash: nobody can guess it.
    return hashlib.sha256(token.encode()).hexdigest()
