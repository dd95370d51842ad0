"""A study's codings for other people's scripts: JSON with everything, Parquet with the table of codings."""

import io
import json
from dataclasses import asdict

import pandas as pd

from qualcode.analysis.frames import codings_frame, informants_frame
from qualcode.exchange.requests import ExportRequest
from qualcode.store.journal import decisions


def export_json(request: ExportRequest) -> bytes:
    """Return codings, informants, codes and the journal of decisions as JSON; missing values are null."""
    with request.database.read() as session:
        journal = [asdict(event) for event in decisions(session, request.study.name)]
    record = {
        "study": request.study.name,
        "title": request.study.title,
        "codebook": {
            "id": request.codebook.id,
            "version": request.codebook.version,
            "codes": [
                {
                    "id": code.id,
                    "name": code.name,
                    "kind": code.kind.value,
                    "parent": code.parent,
                    "definition": code.definition,
                }
                for code in request.codebook.codes
            ],
        },
        "interviews": [
            {"interview": interview.id, "file": interview.file, **asdict(interview.facts)}
            for interview in request.interviews
        ],
        "informants": _records(informants_frame(request.interviews)),
        "codings": _records(_codings(request)),
        "decisions": journal,
    }
    return (json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(frame.to_json(orient="records", force_ascii=False, double_precision=15))
    return rows


def export_parquet(request: ExportRequest) -> bytes:
    """Return the table of codings, with department, date and wave of the interview, as Parquet."""
    facts = {interview.id: interview.facts for interview in request.interviews}
    frame = _codings(request)
    for name in ("department", "date", "wave"):
        values = [getattr(facts[interview], name) for interview in frame["interview"]]
        frame[name] = pd.Series(values, index=frame.index, dtype="string")
    texts = frame.columns.difference(["turn", "start", "end", "score"])
    typed = frame.astype(dict.fromkeys(texts, "string") | dict.fromkeys(("turn", "start", "end"), "int64"))
    buffer = io.BytesIO()
    typed.astype({"score": "float64"}).to_parquet(buffer, index=False)
    return buffer.getvalue()


def _codings(request: ExportRequest) -> pd.DataFrame:
    return codings_frame(request.study.name, request.interviews, request.codings, request.codebook)
