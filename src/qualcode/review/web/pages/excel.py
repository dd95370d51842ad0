"""Excel: the codings as a workbook, and a filled-in one back, shown before it is stored."""

import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qualcode.errors import UsageError
from qualcode.exchange.excel_in import import_xlsx
from qualcode.exchange.excel_out import export_xlsx
from qualcode.exchange.requests import ExportRequest, ImportPlan, ImportRequest
from qualcode.review.blind import unseen_places
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.visit import Member, Visit
from qualcode.study import Study

router = APIRouter()
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Plans shown and not yet stored, of all analysts: they hold a workbook each.
_PLANS = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plan that an analyst has been shown."""

    analyst: str
    plan: ImportPlan


@router.get("/excel")
def show_excel(visit: Member, gemt: str = "") -> HTMLResponse:
    """Show how to take codings out and bring decisions in."""
    with visit.desk.read() as session:
        blind = bool(unseen_places(session, visit.desk.study, visit.analyst))
        return visit.page("excel.html", plan=None, key="", stored=gemt == "ja", blind=blind, last=last_event(session))


@router.get("/excel/kodninger.xlsx")
def download(visit: Member) -> Response:
    """Return the workbook."""
    with visit.desk.read() as session:
        if unseen_places(session, visit.desk.study, visit.analyst):
            raise UsageError("Du har afsnit tilbage i en blindrunde. Gør den færdig, før du henter forslagene.")
    content = export_xlsx(ExportRequest(_study(visit), visit.desk.database, visit.desk.codebook))
    name = f"{visit.desk.study}.xlsx".encode("ascii", "replace").decode().replace("?", "-")
    return Response(content, media_type=_WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/excel")
def take_workbook(visit: Member, fil: Annotated[UploadFile, File()]) -> HTMLResponse:
    """Show what a workbook would do; store nothing."""
    content = fil.file.read()
    if not content:
        raise UsageError("Vælg en fil.")
    name = (fil.filename or "").replace("\\", "/").rpartition("/")[2] or "fil"
    request = ImportRequest(
        _study(visit), visit.desk.database, visit.desk.codebook, name, content, analyst=visit.analyst
    )
    plan = import_xlsx(request)
    key = _remember(visit, plan) if plan.changes and not plan.faults else ""
    with visit.desk.read() as session:
        return visit.page("excel.html", plan=plan, key=key, stored=False, blind=False, last=last_event(session))


@router.post("/excel/gem")
def store_workbook(visit: Member, noegle: Annotated[str, Form(max_length=100)] = "") -> RedirectResponse:
    """Store what was shown, all of it or nothing."""
    waiting = _plans(visit.request).pop(noegle, None)
    if waiting is None or waiting.analyst != visit.analyst:
        raise UsageError("Filen skal vises igen, før den kan gemmes. Intet er gemt.")
    with visit.desk.write() as session:
        waiting.plan.apply(session)
    return RedirectResponse("/excel?gemt=ja", 303)


def _study(visit: Visit) -> Study:
    return Study.open(visit.desk.folder)


def _remember(visit: Visit, plan: ImportPlan) -> str:
    plans = _plans(visit.request)
    while len(plans) >= _PLANS:
        del plans[next(iter(plans))]
    key = secrets.token_urlsafe(16)
    plans[key] = Waiting(visit.analyst, plan)
    return key


def _plans(request: Request) -> dict[str, Waiting]:
    plans: dict[str, Waiting] = request.app.state.plans
    return plans
