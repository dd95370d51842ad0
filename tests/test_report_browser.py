"""The report in a real browser: axe finds nothing in light and dark, and it prints."""

import shutil
from pathlib import Path

import pytest

from qualcode.reporting.html import render_html, render_sources
from qualcode.reporting.layout import document
from qualcode.reporting.values import Report
from tests.test_report import interviews, material, report

__all__ = ["interviews", "material", "report"]

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(report: Report, tmp_path: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    (tmp_path / "report.html").write_bytes(render_html(document(report)))
    (tmp_path / "kilder.html").write_bytes(render_sources(report))
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(color_scheme=scheme, java_script_enabled=True)
        for name in ("report.html", "kilder.html"):
            page.goto((tmp_path / name).as_uri())
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        browser.close()
