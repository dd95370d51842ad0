"""Every request the review page understands, and many it does not, by its own description: none makes it fail."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from qualcode.review.desk import Desk
from qualcode.review.web.app import create_app
from qualcode.store.journal import numbered
from tests.reviewing import STUDY, desk_at, effective, rows

ORIGIN = "http://127.0.0.1:8470"


def description() -> dict[str, Any]:
    """What the page takes; it is not served, so it is asked of the application itself."""
    nobodys: Any = None
    return create_app(nobodys).openapi()


SCHEMA = schemathesis.openapi.from_dict(description())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, coded_database: str) -> Desk:
    return desk_at(tmp_path_factory.mktemp("api"), coded_database)


@pytest.fixture(scope="module")
def mette(desk: Desk) -> Iterator[TestClient]:
    with TestClient(
        create_app(desk), base_url=ORIGIN, headers={"origin": ORIGIN}, raise_server_exceptions=False
    ) as browser:
        assert browser.post("/log-ind", data={"navn": "Mette"}, follow_redirects=False).status_code == 303
        yield browser


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_request_makes_the_page_fail(case: schemathesis.Case, mette: TestClient) -> None:
    asked = case.as_transport_kwargs(base_url=ORIGIN)
    given = {name: asked[name] for name in ("method", "url", "params", "json", "data") if asked.get(name) is not None}
    answer = mette.request(**given, follow_redirects=False)
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    assert "<script>alert(" not in answer.text
    # However one leaves, the next request is made by somebody who is logged in.
    if "/log-ind" in answer.headers.get("location", "") or case.path == "/log-ud":
        mette.post("/log-ind", data={"navn": "Mette"})


@pytest.mark.slow
def test_afterwards_table_and_journal_agree(desk: Desk) -> None:
    with desk.read() as session:
        assert [number for number, _ in numbered(session, STUDY)] == sorted(
            number for number, _ in numbered(session, STUDY)
        )
    assert {row.id: row.status for row in rows(desk)} == {coding.id: coding.status.value for coding in effective(desk)}
