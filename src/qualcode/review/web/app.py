"""The review page as one FastAPI application for one study."""

import logging
import traceback
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response

from qualcode.errors import QualcodeError
from qualcode.review.desk import Desk
from qualcode.review.web.learner import Learner
from qualcode.review.web.nav import START
from qualcode.review.web.pages import (
    account,
    blind,
    card,
    changes,
    codes,
    excel,
    interviews,
    learning,
    lists,
    notes,
    progress,
    rounds,
    search,
    settling,
)
from qualcode.review.web.security import LOCAL, Guard, is_local, listens_everywhere, names_of
from qualcode.review.web.visit import NotLoggedInError, guest

# FastAPI would hand requests and exception messages to whatever OpenTelemetry the environment configures.
_NO_TELEMETRY: Any = {"auto_configure": False} | dict.fromkeys(("tracing", "metrics", "logs", "operation_spans"), False)
_LOG = logging.getLogger(__name__)

# One router a page.
_PAGES = (
    account,
    card,
    lists,
    excel,
    codes,
    interviews,
    search,
    rounds,
    blind,
    settling,
    learning,
    progress,
    notes,
    changes,
)
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def create_app(desk: Desk, host: str = "127.0.0.1") -> FastAPI:
    """Return the application.

    Args:
        desk: the study under review
        host: address it will listen on; on any but this machine's own, analysts log in with a password
    """
    app = FastAPI(title="qualcode", docs_url=None, redoc_url=None, openapi_url=None, telemetry=_NO_TELEMETRY)
    app.state.desk = desk
    app.state.local = is_local(host)
    app.state.learner = Learner(desk)
    app.state.plans = {}
    for page in _PAGES:
        app.include_router(page.router)
    static = _static()

    @app.get("/")
    def start() -> RedirectResponse:
        return RedirectResponse(START, 303)

    @app.get("/static/{name}")
    def static_file(name: str) -> Response:
        if name not in static:
            return Response(status_code=404)
        content, media_type = static[name]
        return Response(content, media_type=media_type)

    _answer_errors(app)
    names = names_of(host) if not app.state.local else LOCAL
    app.add_middleware(Guard, names=names, any_address=listens_everywhere(host))
    return app


def _answer_errors(app: FastAPI) -> None:
    """Answer what goes wrong with one line in Danish that repeats nothing."""

    @app.exception_handler(NotLoggedInError)
    def to_log_in(request: Request, _error: Exception) -> Response:
        if request.method == "GET" and "application/json" not in request.headers.get("accept", ""):
            return RedirectResponse("/log-ind", 303)
        return JSONResponse({"message": "Du er ikke længere logget ind. Genindlæs siden."}, 401)

    @app.exception_handler(QualcodeError)
    def refused(request: Request, error: Exception) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return guest(request).page("refused.html", message=str(error), status_code=409)
        return JSONResponse({"message": str(error)}, 409)

    # The latter: a number that no database can hold.
    @app.exception_handler(OverflowError)
    @app.exception_handler(RequestValidationError)
    def malformed(_request: Request, _error: Exception) -> Response:
        # FastAPI's own answer repeats the input, and with it words of an interview.
        return JSONResponse({"message": "Kaldet er ikke til at forstå. Genindlæs siden."}, 422)

    @app.exception_handler(Exception)
    def failed(_request: Request, error: Exception) -> Response:
        # The type and the place only: a message may quote an interview.
        place = traceback.extract_tb(error.__traceback__)[-1]
        _LOG.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
        return JSONResponse({"message": "Uventet fejl i qualcode. Intet er gemt; prøv igen."}, 500)


def _static() -> dict[str, tuple[bytes, str]]:
    """Return the page's own files, read once: no name in a request is ever taken for a path."""
    folder = files("qualcode.review.web") / "static"
    return {
        entry.name: (entry.read_bytes(), _TYPES["." + entry.name.rpartition(".")[2]])
        for entry in folder.iterdir()
        if "." + entry.name.rpartition(".")[2] in _TYPES
    }
