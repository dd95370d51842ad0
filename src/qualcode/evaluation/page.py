"""The evaluation as a Markdown page, with date, versions and everything needed to run it again."""

import datetime
import math
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from qualcode import __version__
from qualcode.evaluation.evaluate import LEARNED, CodeFigures, Evaluation, QuoteFigures, SystemFigures
from qualcode.models import THRESHOLD


def evaluation_page(found: Evaluation, study: str, codebook: str, encoder: str, today: datetime.date) -> str:
    """Return the page."""
    both, same, valence = found.human_agreement
    lines = [
        "# Evaluation",
        "",
        f"Made by `qualcode evaluate {study}` on {today.isoformat()}: qualcode {__version__}, scikit-learn "
        f"{version('scikit-learn')}, Python {platform.python_version()}, encoder {encoder}, codebook {codebook}.",
        "",
        f"Nothing was learned or tuned from the held-out interviews ({', '.join(found.held_out)}); the coder knows "
        f"the codebook and its bank of examples{_learned(found)}. {found.items} passages: {found.coded_items} that "
        f"people coded (adjudicated), {found.items - found.coded_items} meaning units that nobody put a code on. Roles "
        "spoken of are not part of it. Intervals are 95 %, by bootstrap over interviews. Precision, recall and F1 are "
        f"at the default threshold of {THRESHOLD}, over all (passage, code) pairs.",
        "",
        "## Systems",
        "",
        *_systems([*found.systems, *([found.transfer[0]] if found.transfer else [])]),
        "",
        f"**Second coder**, blind, same interviews: touches {_share(both)} of the first coder's passages; "
        f"same code on {_share(same)} of those; same valence on {_share(valence)} of those. Both coders and the "
        "adjudicators are language models working blind to each other: take it for an upper bound on what people "
        "agree on.",
        "",
        "**End to end**, whole interviews coded as `qualcode run` does, a suggestion being right when it shares words "
        f"and code with a gold coding: precision {found.end_to_end.precision}, recall {found.end_to_end.recall}.",
        "",
        *_levels(found.levels),
        f"**Valence**, of coded passages with the right code given: {found.valence}{_transferred(found)}.",
        "",
        *[line for figures in found.quotes for line in _quotes(figures)],
        "## Thresholds",
        "",
        f"The default is {THRESHOLD}: the lowest at which whole interviews that are not held out are coded with the "
        "best F1. `threshold` in study.yaml changes it. On the held-out passages:",
        "",
        "| threshold | precision | recall | micro F1 |",
        "| ---: | --- | --- | --- |",
        *(f"| {at.threshold} | {at.precision} | {at.recall} | {at.micro_f1} |" for at in found.thresholds),
        "",
        "## Ablation",
        "",
        *_systems(found.ablation),
        "",
        f"## Learning from reviewed passages of the other interviews ({', '.join(map(str, LEARNED))}, or all)",
        "",
        "The first row knows what writers made only, no coded interview.",
        "",
        *_systems(found.learning),
        "",
        "## Calibration",
        "",
        "| mean probability | share right | pairs |",
        "| ---: | ---: | ---: |",
        *(f"| {mean:.2f} | {right:.2f} | {count} |" for mean, right, count in found.reliability),
        "",
        "## Codes",
        "",
        "| code | passages | base rate | precision | recall | F1 | κ machine | κ coder–coder |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *map(_code, found.codes),
        "",
    ]
    return "\n".join(lines)


def _quotes(found: QuoteFigures) -> list[str]:
    return [
        f"## Quotes that stand alone: {found.style}",
        "",
        f"{found.quotes} quotes in `gold/quotes.csv`, by a writer who saw neither the bank nor the interviews, without "
        f"question or context; intervals over quotes. A second coder, blind, put the same code on "
        f"{_share(found.second_coder)} (both are language models). Valence right: {_share(found.valence)}.",
        "",
        *_systems(found.systems),
        "",
    ]


def _learned(found: Evaluation) -> str:
    return f", in which are passages of interviews {', '.join(found.learned)}" if found.learned else " only"


def _transferred(found: Evaluation) -> str:
    return f"; taught by the other codebook's passages too: {found.transfer[1]}" if found.transfer else ""


def _levels(share: float | None) -> list[str]:
    return [] if share is None else [f"**Levels** of informants read right: {_share(share)}.", ""]


def _systems(systems: Iterable[SystemFigures]) -> list[str]:
    return [
        "| system | top-1 | top-3 | precision | recall | micro F1 | macro F1 |",
        "| --- | --- | --- | --- | --- | --- | ---: |",
        *(
            f"| {found.name} | {found.top1} | {found.top3} | {found.precision} | {found.recall} | {found.micro_f1} "
            f"| {found.macro_f1:.2f} |"
            for found in systems
        ),
    ]


def _code(found: CodeFigures) -> str:
    figures: Sequence[object] = (
        found.code,
        found.items,
        f"{found.base_rate:.3f}",
        _number(found.precision),
        _number(found.recall),
        found.f1,
        _number(found.kappa),
        _number(found.human_kappa),
    )
    return f"| {' | '.join(map(str, figures))} |"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
