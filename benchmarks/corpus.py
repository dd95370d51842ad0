"""Makes a corpus of any size, the same for the same seed: ``python benchmarks/corpus.py FOLDER NUMBER [TURNS]``.

Sentences are those a codebook teaches with, cut at their commas and joined anew among what people say between, so
that no two interviews, and next to no two passages, are the same, while words, patterns and themes come as they do in
real material. They mean little; nothing is measured on them but time and memory.
"""

import random
import re
import sys
from pathlib import Path

from qualcode.codebook.load import load_codebook
from qualcode.coding.model import examples_of
from qualcode.study import find_codebook

CODEBOOK = "fra-myndighed-til-partner"
TURNS = 8
_ROLES = (
    "chef for Plan og By",
    "direktør",
    "souschef i dagtilbud",
    "sagsbehandler",
    "tillidsrepræsentant",
    "frivillig i en forening",
    "medlem af byrådet",
)
_BETWEEN = (
    "altså", "jo", "og så", "det var ligesom", "øh", "sådan var det i hvert fald hos os", "hvis du forstår", "for mit"
    " vedkommende", "i den periode", "da vi kom i gang", "når jeg tænker tilbage", "helt ærligt", "egentlig",
)  # fmt: skip
_ASKED = (
    "Hvordan oplevede du det?", "Kan du give et eksempel?", "Hvad gjorde forskellen?", "Og hvad skete der så?",
    "Hvad skulle der have været til?", "Hvem tog initiativet?", "Hvordan har det ændret dit arbejde?",
)  # fmt: skip


def clauses() -> list[str]:
    """Return the clauses that interviews are made of."""
    examples = examples_of(load_codebook(find_codebook(CODEBOOK, Path())))
    cut = (part.strip(" .…!?»«\"'–") for example in examples for part in re.split(r"[,.;:]", example.text))
    return sorted({part for part in cut if 3 <= len(part.split()) <= 16})


def interview(number: int, pool: list[str], turns: int = TURNS) -> str:
    """Return one transcript; its number is its seed."""
    luck = random.Random(number)
    lines = [f"Interview: G{number:05}", f"Rolle: {luck.choice(_ROLES)}", "Forvaltning: Børn og Unge", "---"]
    for _ in range(turns):
        said = [sentence(luck, pool) for _ in range(luck.randint(3, 6))]
        lines += [f"I: {luck.choice(_ASKED)}", "", f"IP: {' '.join(said)}", ""]
    return "\n".join(lines)


def sentence(luck: random.Random, pool: list[str]) -> str:
    """Return a sentence of two or three clauses."""
    parts = luck.sample(pool, luck.randint(1, 2))
    parts.insert(luck.randint(0, len(parts)), luck.choice(_BETWEEN))
    said = ", ".join(parts)
    return said[:1].upper() + said[1:] + "."


def write_corpus(folder: Path, numbers: range, settings: str, turns: int = TURNS) -> None:
    """Write a study of generated interviews.

    Args:
        folder: made if missing
        numbers: of the interviews
        settings: what ``study.yaml`` says
        turns: answers an interview
    """
    folder.mkdir(parents=True, exist_ok=True)
    pool = clauses()
    (folder / "study.yaml").write_text(settings, encoding="utf-8")
    for number in numbers:
        (folder / f"g{number:05}.txt").write_text(interview(number, pool, turns), encoding="utf-8")


if __name__ == "__main__":
    write_corpus(
        Path(sys.argv[1]),
        range(int(sys.argv[2])),
        f"codebook: {CODEBOOK}\n",
        int(sys.argv[3]) if len(sys.argv) > 3 else TURNS,
    )
