"""Shared pieces: a small codebook, a small study of invented transcripts, a coder without the big encoder."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from spacy.language import Language

from qualcode.codebook.load import load_codebook
from qualcode.coding.coder import Coder
from qualcode.coding.encoder import NgramEncoder
from qualcode.coding.model import examples_of, train
from qualcode.coding.rules import add_rules
from qualcode.language.pipeline import danish
from qualcode.models import Codebook

# Programs, not tests: they run when imported, or need what not everybody has.
collect_ignore = ["warm.py", "fuzz_atheris.py"]

# The machines that run the tests are noisy; what is slow is told by --durations. CI tries the same examples each time,
# so that what turns it red is the change at hand; new ones are tried wherever people work.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")

MINI_CODEBOOK = Path(__file__).parent / "data" / "mini.yaml"

CHEF = """Interview: A1
Rolle: chef for Plan og By
Forvaltning: Teknik og Miljø
Dato: 2026-03-04
---
I: Hvordan gik det så med promenaden?

IP: Jamen det gik jo fint, lige indtil det var færdigt. Hvem slår græsset bagefter, det er der ingen der har tænkt
på. Bænkene står og rådner, for de er ikke kommet på nogens liste.

I: Okay. Og hvad med jeres egen direktion?

IP: Altså, vi mangler opbakning oppefra. Det er bare ord, når det kommer til stykket, og borgmesteren har vi ikke set.
"""
MEDARBEJDER = """Interview: B2
Rolle: byggesagsbehandler
Forvaltning: Teknik og Miljø
---
I: Hvad gjorde forskellen?

IP: Min leder siger bare, gør det, og så snakker vi om det bagefter. Jeg har frie hænder til at tage ud til folk.

I: Og ellers?

IP: Ellers regnede det. Kaffemaskinen er i stykker igen.
"""


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook(MINI_CODEBOOK)


@pytest.fixture(scope="session")
def nlp(codebook: Codebook) -> Language:
    return add_rules(danish(), codebook)


@pytest.fixture(scope="session")
def coder(codebook: Codebook, nlp: Language) -> Coder:
    encoder = NgramEncoder()
    return Coder(codebook, train(codebook, examples_of(codebook), encoder, nlp), encoder, nlp, threshold=0.3)


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "promenaden"
    folder.mkdir()
    (folder / "a.txt").write_text(CHEF, encoding="utf-8")
    (folder / "b.md").write_text(MEDARBEJDER, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def coded_database(tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> str:
    """Address of a database with a coded study; tests work on copies of it."""
    from tests import reviewing

    return reviewing.coded_database(tmp_path_factory.mktemp("coded"), coder)
