import io
from pathlib import Path

import pytest
from docx import Document

from qualcode import cli
from qualcode.models import Codebook
from qualcode.reporting.codebook_page import PAGES
from tests.conftest import MINI_CODEBOOK


@pytest.mark.parametrize("ending", ["html", "md"])
def test_everything_a_coder_needs_is_on_the_page(codebook: Codebook, ending: str) -> None:
    page = PAGES[ending](codebook).decode("utf-8")
    for code in codebook.codes:
        assert code.name in page
        assert code.definition in page
        for text in code.examples:
            assert f"»{text}«" in page


def test_the_word_file_has_a_heading_a_code(codebook: Codebook) -> None:
    document = Document(io.BytesIO(PAGES["docx"](codebook)))
    headings = [p.text for p in document.paragraphs if p.style is not None and str(p.style.name).startswith("Heading")]
    assert headings == [code.name for code in codebook.codes]
    assert any("→ Råderum" in paragraph.text for paragraph in document.paragraphs)


def test_text_is_escaped(codebook: Codebook) -> None:
    from dataclasses import replace

    hostile = replace(codebook, description="<script>alert(1)</script>")
    assert b"<script>" not in PAGES["html"](hostile)


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bog.html"
    assert cli.main(["codebook", "show", str(MINI_CODEBOOK), "--format", "html", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"<!doctype html>")
