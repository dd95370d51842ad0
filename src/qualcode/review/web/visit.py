"""One request as a page sees it: who asks, in what language, of which study; and how an answer is laid out."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from qualcode.agreement.rounds import usual_valence
from qualcode.models import Kind, Level, Mark, Source, Status, Valence
from qualcode.review.desk import Desk
from qualcode.review.web.i18n import LANGUAGES, translations
from qualcode.review.web.nav import NAVIGATION
from qualcode.store.analysts import logged_in

TOKEN = "qualcode"  # noqa: S105 - the cookie's name
THEMES = ("auto", "light", "dark")


class NotLoggedInError(Exception):
    """The page is for analysts who have said who they are."""


@dataclass(frozen=True)
class Visit:
    """One request.

    Attributes:
        analyst: who asks, empty before log-in
        shortcuts: whether single keys do anything
    """

    request: Request
    desk: Desk
    analyst: str
    language: str
    theme: str
    shortcuts: bool
    local: bool

    def gettext(self, message: str) -> str:
        """Return a Danish message in the visitor's language."""
        return translations(self.language).gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form for a count, with the count in it."""
        return translations(self.language).ngettext(one, many, count) % {"count": count, "num": count}

    def fragment(self, template: str, **values: Any) -> str:
        """Return part of a page as HTML; all values are escaped."""
        return _environment(self.language).get_template(template).render(visit=self, **values)

    def page(self, template: str, *, status_code: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        study = self.desk.study
        html = self.fragment(template, navigation=NAVIGATION, study=study, languages=LANGUAGES, themes=THEMES, **values)
        return HTMLResponse(html, status_code)


def guest(request: Request) -> Visit:
    """Return a visit by anybody."""
    cookies = request.cookies
    desk: Desk = request.app.state.desk
    local: bool = request.app.state.local
    analyst = ""
    if token := cookies.get(TOKEN):
        with desk.database.read() as session:
            login = logged_in(session, token)
        # On an address that others can reach, a name is not enough.
        analyst = login.analyst if login and (local or login.proven) else ""
    language, theme = cookies.get("sprog", "da"), cookies.get("tema", "auto")
    return Visit(
        request=request,
        desk=desk,
        analyst=analyst,
        language=language if language in LANGUAGES else "da",
        theme=theme if theme in THEMES else "auto",
        shortcuts=cookies.get("genveje") != "fra",
        local=local,
    )


def member(visit: Annotated[Visit, Depends(guest)]) -> Visit:
    """Return a visit by an analyst.

    Raises:
        NotLoggedInError: nobody is logged in.
    """
    if not visit.analyst:
        raise NotLoggedInError
    return visit


Guest = Annotated[Visit, Depends(guest)]
Member = Annotated[Visit, Depends(member)]


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("qualcode.review.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "Kind": Kind,
        "Level": Level,
        "Mark": Mark,
        "Source": Source,
        "Status": Status,
        "Valence": Valence,
    }
    environment.filters["usual_valence"] = lambda code: usual_valence(code).value
    environment.filters["percent"] = lambda share: f"{round(share * 100)} %"
    return environment
