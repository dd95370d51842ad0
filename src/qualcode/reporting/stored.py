"""A study's material for reports, fetched from the database."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from qualcode.analysis.frames import codings_frame, informants_frame
from qualcode.models import Codebook, Coding, Interview, Mark
from qualcode.privacy.decisions import Gate
from qualcode.privacy.findings import Certainty
from qualcode.reporting.agreed import agreement_sentences
from qualcode.reporting.material import Material
from qualcode.reporting.prose import FOLDER as NOTES
from qualcode.reporting.prose import Notes
from qualcode.reporting.source import SourceTexts
from qualcode.store.codings import effective_codings
from qualcode.store.database import Database
from qualcode.store.documents import known_documents, load_interviews
from qualcode.store.privacy import gate_of
from qualcode.study import Study


def stored_material(study: Study, database: Database, codebook: Codebook, out: Path) -> Material:
    """Return what a study's reports are built from, as stored now.

    Args:
        study: the study
        database: holds interviews, suggestions and decisions
        codebook: the codes
        out: folder of the reports, where the writer's own texts are
    """
    with database.read() as session:
        interviews = list(load_interviews(session, study.name))
        codings = effective_codings(session, study.name, interviews)
        present = [known for known in known_documents(session, study.name).values() if known.present]
        gate = gate_of(session, study.name)
        agreement = agreement_sentences(session, study, codebook)
        flagged = {known.file for known in present if known.flagged}
        printable = list(_withheld(codings, interviews, flagged, gate))
    return Material(
        title=study.title,
        study=study.name,
        date=_date(study),
        codebook=codebook,
        interviews=interviews,
        informants=informants_frame(interviews),
        codings=codings_frame(study.name, interviews, printable, codebook),
        units=sum(known.units for known in present),
        sources=SourceTexts(study.folder, interviews, study.hints),
        notes=Notes(out / NOTES),
        small_cell=study.settings.small_cell,
        thin_fillers=study.settings.thin_fillers,
        agreement=agreement,
        gate=gate,
        analyses=study.settings.analyses,
    )


def _withheld(
    codings: Iterable[Coding], interviews: Sequence[Interview], flagged: AbstractSet[str], gate: Gate
) -> Iterator[Coding]:
    """Yield codings; quotes with a direct identifier that was let through are not to be printed."""
    places = {
        interview.id: [item for item in gate.judge(interview) if item.certainty is Certainty.DIRECT]
        for interview in interviews
        if interview.file in flagged
    }
    for coding in codings:
        found = places.get(coding.interview, ())
        touched = any(item.start < coding.end and coding.start < item.end for item in found)
        yield replace(coding, mark=Mark.WITHHOLD) if touched else coding


def _date(study: Study) -> datetime.date:
    return study.settings.date or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
