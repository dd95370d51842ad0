"""How the page speaks of what happened."""

import datetime
from collections.abc import Sequence

from qualcode.models import Action, Codebook, Decision
from qualcode.review.acts import StaleError
from qualcode.review.web.visit import Visit


def happened(visit: Visit, event: Decision, codebook: Codebook) -> str:
    """Return an event of the journal in words, without who and when."""
    _ = visit.gettext
    said = {
        Action.ACCEPT: _("godkendt"),
        Action.REJECT: _("afvist"),
        Action.RECODE: _("omkodet til %s"),
        Action.ADD: _("tilføjet"),
        Action.VALUE: _("valens ændret til %s"),
        Action.MOVE: _("tekststykket rettet"),
        Action.SHOWCASE: _("fremhævet"),
        Action.WITHHOLD: _("må ikke citeres"),
        Action.MEMO: _("notat skrevet"),
        Action.UNDO: _("fortrudt"),
    }[event.action]
    if event.action is Action.RECODE:
        code = codebook.by_id.get(event.new_code or "")
        return said % (code.name if code else event.new_code)
    if event.action is Action.VALUE:
        return said % event.new_valence
    return said


def clock(event: Decision) -> str:
    """Return when something happened: the time of day, with the date unless it was today."""
    at = datetime.datetime.fromisoformat(event.at).astimezone()
    today = at.date() == datetime.datetime.now().astimezone().date()
    return at.strftime("%H.%M" if today else "%d.%m.%Y %H.%M")


def told(visit: Visit, event: Decision, codebook: Codebook) -> str:
    """Return who did what and when."""
    return f"{event.analyst}: {happened(visit, event, codebook)} ({clock(event)})"


def meanwhile(visit: Visit, error: StaleError, codebook: Codebook) -> str:
    """Return what happened to a coding since the analyst saw it."""
    if not error.since:
        return visit.gettext("Ikke gemt: Forslaget findes ikke længere. Det er kodet på ny imens.")
    events: Sequence[str] = [told(visit, event, codebook) for event in error.since]
    return visit.gettext("Ikke gemt: Kodningen er ændret imens. %s.") % "; ".join(events)
