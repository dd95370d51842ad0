"""The entries of the page's navigation, in order. A new page adds its router in ``app.py`` and a line here."""

from dataclasses import dataclass

# Where a visit begins: mentions of roles, single words and many, are better gone through in one go later.
START = "/kort?slags=temaer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, what it is called (translated where it is shown)."""

    path: str
    title: str


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


NAVIGATION = (
    Entry("/kort", _("Kort")),
    Entry("/liste", _("Liste")),
    Entry("/koder", _("Koder")),
    Entry("/interview", _("Interview")),
    Entry("/soeg", _("Søg")),
    Entry("/runder", _("Dobbeltkodning")),
    Entry("/laering", _("Læring")),
    Entry("/fremdrift", _("Fremdrift")),
)
