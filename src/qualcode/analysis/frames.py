"""The two pandas frames that all counting is done on: codings and informants."""

from collections.abc import Iterable, Sequence

import pandas as pd

from qualcode.coding.segments import count_words
from qualcode.models import Codebook, Coding, Evidence, Interview

# The columns of codings.csv, in the order that scripts rely on.
CODING_COLUMNS = (
    "coding_id",
    "study",
    "interview",
    "turn",
    "start",
    "end",
    "speaker",
    "role",
    "level",
    "code",
    "kind",
    "valence",
    "score",
    "status",
    "source",
    "evidence",
    "quote",
)
# What reports need besides: how a quote may be used, and who decided.
REVIEW_COLUMNS = ("mark", "analyst")
INFORMANT_COLUMNS = ("interview", "speaker", "role", "level", "department", "wave", "words")


def codings_frame(
    study: str, interviews: Sequence[Interview], codings: Iterable[Coding], codebook: Codebook
) -> pd.DataFrame:
    """Return one row a coding with :data:`CODING_COLUMNS` and :data:`REVIEW_COLUMNS`.

    Codes that the codebook no longer has are left out.
    """
    by_id = {interview.id: interview for interview in interviews}
    rows = []
    for coding in codings:
        code = codebook.by_id.get(coding.code)
        if code is None:
            continue
        interview = by_id[coding.interview]
        informant = interview.informant(coding.speaker)
        rows.append(
            (
                coding.id,
                study,
                coding.interview,
                coding.turn,
                coding.start,
                coding.end,
                coding.speaker,
                informant.role,
                informant.level.value,
                coding.code,
                code.kind.value,
                coding.valence.value,
                coding.score,
                coding.status.value,
                coding.source.value,
                in_words(coding.evidence, interview),
                interview.quote(coding.start, coding.end),
                coding.mark.value if coding.mark else "",
                coding.analyst,
            )
        )
    return pd.DataFrame(rows, columns=[*CODING_COLUMNS, *REVIEW_COLUMNS])


def in_words(evidence: Evidence, interview: Interview) -> str:
    """Return why a code was suggested, as one line of Danish."""
    reasons = [f"mønster '{hit.pattern}': {_flat(interview.quote(hit.start, hit.end))}" for hit in evidence.rules]
    reasons += [
        f"ligner ({neighbour.similarity:.2f}): {_flat(neighbour.text)}".replace("0.", "0,", 1)
        for neighbour in evidence.neighbours
    ]
    if evidence.valence_cue:
        reasons.append(f"valens af: {_flat(evidence.valence_cue)}")
    return " | ".join(reasons)


def _flat(text: str) -> str:
    return " ".join(text.split())


def informants_frame(interviews: Iterable[Interview]) -> pd.DataFrame:
    """Return one row a respondent with :data:`INFORMANT_COLUMNS`; ``words`` counts what they said."""
    rows = []
    for interview in interviews:
        words: dict[str, int] = {}
        for turn in interview.responses():
            words[turn.speaker] = words.get(turn.speaker, 0) + count_words(interview.quote(turn.start, turn.end))
        about = (interview.facts.department, interview.facts.wave)
        rows += [
            (interview.id, person.speaker, person.role, person.level.value, *about, words.get(person.speaker, 0))
            for person in interview.informants
        ]
    return pd.DataFrame(rows, columns=list(INFORMANT_COLUMNS))
