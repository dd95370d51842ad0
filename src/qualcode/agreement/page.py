"""A comparison told: as a Danish table for people, as plain values for JSON."""

import math
from collections.abc import Iterator, Sequence

from qualcode.agreement.bootstrap import Interval
from qualcode.agreement.coefficients import Agreement
from qualcode.agreement.compare import SAME, Comparison

FIGURES = ("percent", "kappa", "alpha", "ac1")
_MANY_NEEDED = 5


def table(found: Comparison) -> Iterator[str]:
    """Yield the lines of a comparison; figures that cannot be computed are ``–``, and the reason is told."""
    units = "1 enhed" if found.units == 1 else f"{found.units} enheder"
    yield f"{' – '.join(found.coders)}: {units} i {len(found.interviews)} interview"
    if not found.units:
        yield "  Ingen enheder er set af to kodere, så der er intet at sammenligne."
        return
    yield ""
    rows = [_row(code.code, [*code.marked, code.together], code.figures) for code in found.codes]
    mean = ["Middel over koder", *[""] * (len(found.coders) + 2), *(number(found.mean(name)) for name in FIGURES[1:])]
    mean[len(found.coders) + 2] = share(found.mean("percent"))
    summary = [
        _row("Alle koder samlet", [""] * (len(found.coders) + 1), found.pooled),
        mean,
        _row("Kodet eller ej", [""] * (len(found.coders) + 1), found.coded),
        _row("Valens, samme kode", [""] * len(found.coders) + [found.valence.units], found.valence),
    ]
    head = ["Kode", *found.coders, "alle" if len(found.coders) > 2 else "begge", "enighed"]
    yield from _aligned([[*head, "κ", "α [95 %]", "AC1 [95 %]"], *rows, *summary], after=len(rows))
    yield ""
    yield from _notes(found)


def _row(name: str, counts: Sequence[object], figures: Agreement) -> list[str]:
    shown = [
        share(figures.percent.value),
        number(figures.kappa.value),
        bounded(figures.alpha),
        bounded(figures.ac1),
    ]
    return [name, *map(str, counts), *shown]


def _aligned(rows: Sequence[Sequence[str]], after: int) -> Iterator[str]:
    """Yield the rows in columns, with a line under the head and one under the first ``after`` rows."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rule = "  ".join("─" * width for width in widths)
    for place_of_row, row in enumerate(rows):
        first, *others = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *others]).rstrip()
        if place_of_row in (0, after):
            yield rule


def _notes(found: Comparison) -> Iterator[str]:
    match = found.passages
    if match and match.passages:
        yield (
            f"Kodede afsnit ({match.passages} i alt): {share(match.touching)} rører et med samme kode hos den anden, "
            f"{share(match.same)} dækker stort set det samme (fælles del mindst {number(SAME)})."
        )
    if any(found.outside):
        told = ", ".join(f"{coder} {count}" for coder, count in zip(found.coders, found.outside, strict=True))
        yield f"Afsnit uden for enhederne, ikke regnet med: {told}."
    if found.unused:
        yield f"{len(found.unused)} af kodebogens koder er ikke brugt af nogen og derfor ikke regnet med."
    reasons = {code.figures.why_not for code in found.codes} | {found.coded.why_not, found.valence.why_not}
    for reason in sorted(reasons - {""}):
        yield f"– betyder, at tallet ikke kan beregnes: {reason}."
    if len(found.interviews) < _MANY_NEEDED:
        yield f"Intervallerne bygger på {len(found.interviews)} interview og siger derfor lidt."


def record(found: Comparison) -> dict[str, object]:
    """Return a comparison as JSON-able values; what cannot be computed is None."""
    return {
        "coders": list(found.coders),
        "units": found.units,
        "interviews": list(found.interviews),
        "codes": [
            {
                "code": code.code,
                "marked": dict(zip(found.coders, code.marked, strict=True)),
                "together": code.together,
                **_figures(code.figures),
            }
            for code in found.codes
        ],
        "unused": list(found.unused),
        "pooled": _figures(found.pooled),
        "mean": {name: _known(found.mean(name)) for name in FIGURES},
        "coded": _figures(found.coded),
        "valence": _figures(found.valence),
        "passages": found.passages
        and {
            "count": found.passages.passages,
            "touching": _known(found.passages.touching),
            "same": _known(found.passages.same),
        },
        "outside": dict(zip(found.coders, found.outside, strict=True)),
    }


def _figures(figures: Agreement) -> dict[str, object]:
    told: dict[str, object] = {"units": figures.units, "why_not": figures.why_not or None}
    for name in FIGURES:
        interval: Interval = getattr(figures, name)
        told[name] = {part: _known(getattr(interval, part)) for part in ("value", "low", "high")}
    return told


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def bounded(figure: Interval) -> str:
    """Return a figure with its interval, ``–`` where it cannot be computed."""
    if math.isnan(figure.low):
        return number(figure.value)
    return f"{number(figure.value)} [{number(figure.low)}; {number(figure.high)}]"


def number(value: float) -> str:
    """Return a coefficient with two decimals, ``–`` where it cannot be computed."""
    # Adding zero makes minus nothing into nothing.
    return "–" if math.isnan(value) else f"{round(value, 2) + 0:.2f}".replace(".", ",").replace("-", "−")


def share(value: float) -> str:
    """Return a share in per cent, ``–`` where it cannot be computed."""
    return "–" if math.isnan(value) else f"{100 * value:.1f} %".replace(".", ",")
