"""Who is at the page, and how they want it: log-in, language, light or dark, shortcuts."""

import threading
import time
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pwdlib import PasswordHash

from qualcode.review.web.i18n import LANGUAGES
from qualcode.review.web.nav import START
from qualcode.review.web.visit import THEMES, TOKEN, Guest, Member
from qualcode.store.analysts import STAYS, log_in, log_out, password_hash

router = APIRouter()
_HASHER = PasswordHash.recommended()
# Checked when there is no such analyst, so that the time taken does not tell.
_NOBODY = _HASHER.hash("nobody")
# Argon2 takes a whole core and 64 MB: one at a time, and a wait after a wrong password.
_ONE_AT_A_TIME = threading.Lock()
_WAIT = 1.0


@router.get("/log-ind")
def ask_name(visit: Guest) -> Response:
    """Ask who it is."""
    return visit.page("login.html", name=visit.analyst, ask_password=not visit.local, wrong=False)


@router.post("/log-ind")
def take_name(
    visit: Guest,
    navn: Annotated[str, Form(max_length=200)] = "",
    kodeord: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Log an analyst in: by name on this machine, by password where one is set or others can reach the page."""
    name = " ".join(navn.split())
    with visit.desk.database.read() as session:
        stored = password_hash(session, name)
    ask_password = stored is not None or not visit.local
    if not name or not name.isprintable() or (ask_password and not _is_right(kodeord, stored)):
        wrong = bool(kodeord) or not name or not visit.local
        return visit.page("login.html", name=name, ask_password=ask_password, wrong=wrong, status_code=403)
    with visit.desk.database.write() as session:
        token = log_in(session, name, proven=ask_password)
    answer = RedirectResponse(START, 303)
    _remember(answer, TOKEN, token)
    return answer


@router.post("/log-ud")
def leave(visit: Guest) -> Response:
    """Log out."""
    if token := visit.request.cookies.get(TOKEN):
        with visit.desk.database.write() as session:
            log_out(session, token)
    answer = RedirectResponse("/log-ind", 303)
    answer.delete_cookie(TOKEN)
    return answer


@router.get("/indstillinger")
def show_settings(visit: Member) -> Response:
    """Show how the page is set for this browser."""
    return visit.page("settings.html")


@router.post("/indstillinger")
def take_settings(
    visit: Member,
    sprog: Annotated[str, Form()] = "da",
    tema: Annotated[str, Form()] = "auto",
    genveje: Annotated[str, Form()] = "fra",
) -> Response:
    """Keep how the page is wanted in this browser."""
    answer = RedirectResponse("/indstillinger", 303)
    _remember(answer, "sprog", sprog if sprog in LANGUAGES else "da")
    _remember(answer, "tema", tema if tema in THEMES else "auto")
    _remember(answer, "genveje", "til" if genveje == "til" else "fra")
    return answer


def _is_right(password: str, stored: str | None) -> bool:
    with _ONE_AT_A_TIME:
        right = _HASHER.verify(password, stored or _NOBODY) and stored is not None
        if not right and password:
            time.sleep(_WAIT)
    return right


def _remember(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=int(STAYS.total_seconds()), httponly=True, samesite="strict")
