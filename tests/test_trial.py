"""Trying a codebook on its own examples."""

from dataclasses import replace
from pathlib import Path

import pytest

from qualcode import cli, jobs
from qualcode.coding.encoder import NgramEncoder
from qualcode.coding.model import examples_of, train
from qualcode.coding.rules import add_rules
from qualcode.evaluation.trial import Trial, try_codebook
from qualcode.language.pipeline import danish
from qualcode.models import Codebook
from tests.conftest import MINI_CODEBOOK


def tried(codebook: Codebook) -> Trial:
    encoder, nlp = NgramEncoder(), add_rules(danish(), codebook)
    return try_codebook(codebook, train(codebook, examples_of(codebook), encoder, nlp), encoder, nlp)


def test_every_example_and_near_miss_is_counted_under_its_code(codebook: Codebook) -> None:
    trial = tried(codebook)
    assert [(code.code, code.examples, code.near_misses) for code in trial.codes] == [
        (code.id, len(code.examples), len(code.near_misses)) for code in codebook.codes
    ]
    for code in trial.codes:
        assert code.right <= code.examples
        assert code.right_unlearned <= code.examples


def test_an_example_under_the_wrong_code_fails_and_is_shown(codebook: Codebook) -> None:
    lost = "Kaffemaskinen er i stykker igen, og ingen har bestilt en ny til køkkenet."
    codes = tuple(
        replace(code, examples=(*code.examples, lost), patterns=()) if code.id == "rolle" else code
        for code in codebook.codes
    )
    failures = tried(replace(codebook, codes=codes)).failures
    assert ("rolle", False, lost) in [(failure.code, failure.near_miss, failure.text) for failure in failures]


def test_what_was_not_learned_is_harder(codebook: Codebook) -> None:
    trial = tried(codebook)
    assert sum(code.right for code in trial.codes) > sum(code.right_unlearned for code in trial.codes)


def test_the_command_shows_a_table_and_fails_when_an_example_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    code = cli.main(["codebook", "test", str(MINI_CODEBOOK)])
    told = capsys.readouterr().out
    assert "styring.drift" in told
    assert code == (1 if "FEJL" in told else 0)
    assert told.rstrip().endswith("eksempler går, som de skal.")
