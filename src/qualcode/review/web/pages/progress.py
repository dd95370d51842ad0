"""Progress: how far the study has come, and how good the suggestions are."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qualcode.review.orphans import orphans
from qualcode.review.progress import by_code, by_document, in_all, interviews_of, judged_of, pace, steadiness
from qualcode.review.queues import Queue, Walker
from qualcode.review.web.cards import known
from qualcode.review.web.filters import Chosen, address
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.visit import Member

router = APIRouter()


@router.get("/fremdrift")
def show_progress(visit: Member, chosen: Chosen) -> HTMLResponse:
    """Show progress by code and interview, pace, the random sample, and the second look."""
    study, codebook = visit.desk.study, visit.desk.codebook
    sampled = replace(chosen, queue=Queue.STIKPROEVE)
    with visit.desk.read() as session:
        codes = by_code(session, study)
        order = {code.id: place for place, code in enumerate(codebook.codes)}
        rows = [
            (known(codebook, code), codes[code])
            for code in sorted(codes, key=lambda code: (order.get(code, len(order)), code))
        ]
        documents = by_document(session, study)
        interviews = interviews_of(session, study)
        sample = Walker(session, study, codebook, sampled, visit.analyst).sample()
        return visit.page(
            "progress.html",
            rows=rows,
            interviews=[
                (number, interviews[number], documents[number]) for number in interviews if number in documents
            ],
            all=in_all(codes.values()),
            pace=pace(session, study),
            sample=judged_of(session, sample),
            sample_query=address(sampled),
            orphans=[(one, known(codebook, one.code)) for one in orphans(session, study)],
            steady=steadiness(session, study, visit.analyst),
            last=last_event(session),
        )
