"""Agreement between coders in the newest blind round, as sentences for the report; coders are counted, not named."""

import math

from sqlalchemy.orm import Session

from qualcode.agreement.compare import Comparison
from qualcode.agreement.gather import MACHINE, compare_round
from qualcode.agreement.rounds import rounds
from qualcode.models import Codebook
from qualcode.reporting.danish import number
from qualcode.study import Study


def agreement_sentences(session: Session, study: Study, codebook: Codebook) -> tuple[str, ...]:
    """Return a sentence a comparison of the newest round, none when there is no round that two have worked on."""
    made = rounds(session, study.name)
    if not made:
        return ()
    return tuple(_told(one) for one in compare_round(session, study, made[-1], codebook) if one.units)


def _told(comparison: Comparison) -> str:
    who = "En koder og maskinen" if MACHINE in comparison.coders else f"{len(comparison.coders)} kodere"
    figures = ", ".join(
        f"{name} {_figure(getattr(comparison.pooled, key).value)}"
        for name, key in (("Cohens κ", "kappa"), ("Krippendorffs α", "alpha"), ("Gwets AC1", "ac1"))
    )
    return (
        f"{who} kodede {comparison.units} afsnit i {len(comparison.interviews)} interview uafhængigt af hinanden. "
        f"Overensstemmelse over alle koder: {figures}."
    )


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else number(round(value, 2))
