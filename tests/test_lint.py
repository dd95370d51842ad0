from pathlib import Path

import pytest

from qualcode import cli
from qualcode.codebook.load import load_codebook
from qualcode.coding.lint import faults
from qualcode.coding.rules import add_rules
from qualcode.errors import InputError
from qualcode.language.pipeline import danish

BOOK = """id: bog
title: Bog
version: "1"
codes:
  - id: styring
    name: Styring
    kind: barriere
    definition: Hvordan der styres.
    patterns:
      - skema
      - indberetning
    examples:
      - "Der kommer et nyt skema hver måned."
    near_misses:
      - text: "Skemaet hænger på døren."
  - id: drift
    name: Drift
    kind: barriere
    definition: Hvem der passer det.
    patterns:
      - slå .. græs
    examples:
      - "Ingen slår græsset bagefter."
"""
BANK = """codebook: bog
passages:
  - text: "Så sidder vi med den indberetning igen."
    codes: [styring]
"""


def linted(tmp_path: Path, book: str = BOOK, bank: str = "") -> list[InputError]:
    path = tmp_path / "bog.yaml"
    path.write_text(book, encoding="utf-8")
    if bank:
        (tmp_path / "bog.examples.yaml").write_text(bank, encoding="utf-8")
    codebook = load_codebook(path)
    return faults(path, codebook, add_rules(danish(), codebook))


def test_a_pattern_that_finds_no_example_of_its_code_is_told_by_line(tmp_path: Path) -> None:
    (fault,) = linted(tmp_path)
    assert (fault.file, fault.line) == ("bog.yaml", 11)
    assert "mønstret 'indberetning' findes ikke i nogen af kodens eksempler" in str(fault)


def test_an_example_in_the_bank_is_enough(tmp_path: Path) -> None:
    assert linted(tmp_path, bank=BANK) == []


def test_an_example_of_another_code_is_not(tmp_path: Path) -> None:
    (fault,) = linted(tmp_path, bank=BANK.replace("[styring]", "[drift]"))
    assert fault.line == 11


@pytest.mark.parametrize(
    ("text", "codes", "earlier"),
    [("ingen  slår græsset bagefter.", "[styring]", 23), ("Skemaet hænger på døren.", "[styring]", 15)],
)
def test_an_example_that_two_codes_claim_is_told_with_both_places(
    tmp_path: Path, text: str, codes: str, earlier: int
) -> None:
    (fault,) = linted(tmp_path, bank=BANK + f'  - text: "{text}"\n    codes: {codes}\n')
    assert (fault.file, fault.line) == ("bog.examples.yaml", 5)
    assert f"bog.yaml, linje {earlier}" in str(fault)


def test_lint_prints_the_faults_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bog.yaml"
    path.write_text(BOOK, encoding="utf-8")
    assert cli.main(["codebook", "lint", str(path)]) == 1
    told = capsys.readouterr()
    assert "bog.yaml, linje 11" in told.err
    assert "bog 1: 2 koder, 2 eksempler, 0 i banken, 1 fejl." in told.out
