"""How long a report on 1,000 interviews takes: ``python benchmarks/report.py [INTERVIEWS]``.

Interviews and codings are made at random from a seed; nothing is read from disk and nothing is written.
"""

import sys
import time
from datetime import date
from pathlib import Path
from random import Random

from qualcode.analysis.frames import codings_frame, informants_frame
from qualcode.codebook.load import load_codebook
from qualcode.ingest.read import Hints
from qualcode.models import Codebook, Coding, Facts, Informant, Interview, Level, Source, Turn, Valence
from qualcode.reporting.context import build_report
from qualcode.reporting.gate import check_printed
from qualcode.reporting.html import render_sources
from qualcode.reporting.layout import document
from qualcode.reporting.material import Material
from qualcode.reporting.prose import Notes
from qualcode.reporting.render import FORMATS
from qualcode.reporting.source import SourceTexts
from qualcode.study import find_codebook

TURNS = 20
CODED = 0.4
_WORDS = (
    "vi har altså prøvet at holde møder med foreningen hver uge og så gik det jo i stå fordi ingen fik tid til det"
).split()


class StoredTexts(SourceTexts):
    """Takes what is stored for what is on disk."""

    def quote(self, interview: str, start: int, end: int, expected: str) -> str:
        """Return the words as stored."""
        return expected


def made_up(count: int, codebook: Codebook) -> Material:
    """Return a study of so many interviews."""
    random = Random(1)
    interviews, codings = [], []
    levels = list(Level)[:5]
    codes = [code.id for code in codebook.codes]
    for number in range(count):
        level = random.choice(levels)
        text, turns = "", []
        for turn in range(1, TURNS + 1):
            said = " ".join(random.choices(_WORDS, k=random.randint(25, 60))).capitalize() + ".\n"
            turns.append(Turn(turn, len(text), len(text) + len(said) - 1, "IP", turn % 2 == 0))
            text += said
        name = f"i{number:04}"
        interviews.append(
            Interview(name, f"{name}.txt", text, tuple(turns), (Informant("IP", level.value, level),), Facts())
        )
        for turn in turns:
            if not turn.interviewer and random.random() < CODED:
                valence, score = random.choice(list(Valence)), random.random()
                code = random.choice(codes)
                codings.append(
                    Coding(
                        f"{name}-{turn.number}",
                        name,
                        turn.number,
                        turn.start,
                        turn.end,
                        "IP",
                        code,
                        valence,
                        score,
                        Source.MODEL,
                    )
                )
    return Material(
        title="Stort studie",
        study="stort",
        date=date(2026, 1, 1),
        codebook=codebook,
        interviews=interviews,
        informants=informants_frame(interviews),
        codings=codings_frame("stort", interviews, codings, codebook),
        units=len(codings),
        sources=StoredTexts(Path(), interviews, Hints()),
        notes=Notes(Path("none")),
    )


def main(count: int) -> None:
    """Print the seconds of processor time of each step."""
    material = made_up(count, load_codebook(find_codebook("fra-myndighed-til-partner", Path())))
    begun = time.process_time()

    def step(name: str) -> None:
        nonlocal begun
        now = time.process_time()
        print(f"{name:<10} {now - begun:6.2f} s")
        begun = now

    start = begun
    report = build_report(material)
    step("context")
    laid_out = document(report)
    check_printed(laid_out)
    step("gate")
    for ending, render in FORMATS.items():
        render(laid_out)
        step(ending)
    render_sources(report)
    step("sources")
    print(f"{'all':<10} {time.process_time() - start:6.2f} s for {count} interviews, {len(material.codings)} codings")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
