"""The report in a real browser: axe finds nothing in light and dark."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from qualcode.reporting.html import render_html, render_sources
from qualcode.reporting.layout import document
from qualcode.reporting.values import Report
from tests.test_report import interviews, material, report

__all__ = ["interviews", "material", "report"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, report: Report, tmp_path: Path, scheme: str) -> None:
    (tmp_path / "report.html").write_bytes(render_html(document(report)))
    (tmp_path / "kilder.html").write_bytes(render_sources(report))
    page = browser.new_page(color_scheme=scheme)
    for name in ("report.html", "kilder.html"):
        page.goto((tmp_path / name).as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.close()
