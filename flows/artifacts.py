"""Progress and outcome on the pages of a Prefect server, where there is one: counts and file names only."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from typing import cast
from uuid import UUID

import qualcode.flows  # noqa: F401 - sets the environment that prefect reads when imported
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact

from qualcode.outputs import Outcome
from qualcode.progress import Meter

# Where a user names a server; our own has no pages.
_ADDRESS = "PREFECT_API_URL"


def progress_on_server(study: str) -> list[Callable[[Meter], None]]:
    """Return what shows the progress of a study's stages on the server, nothing where there is none."""
    if not os.environ.get(_ADDRESS):
        return []
    made: dict[str, UUID] = {}

    def show(meter: Meter) -> None:
        share = 100 * meter.done / meter.total
        # A page that cannot be shown is no reason to stop.
        with suppress(Exception):
            if meter.stage in made:
                update_progress_artifact(made[meter.stage], progress=share)
            else:
                description = f"{meter.label}: {meter.total}"
                # Outside an event loop it gives the id itself.
                made[meter.stage] = cast("UUID", create_progress_artifact(share, _key(study, meter.stage), description))

    return [show]


def outcome_on_server(study: str, outcome: Outcome, seconds: dict[str, float]) -> None:
    """Show what a run did as tables on the server, where there is one."""
    if not os.environ.get(_ADDRESS):
        return
    told = {"interview": outcome.interviews, "læst": outcome.read, "kodet": outcome.coded}
    rows: list[dict[str, object]] = [{"hvad": what, "antal": count} for what, count in told.items()]
    rows += [{"hvad": f"sekunder, {stage}", "antal": time} for stage, time in seconds.items()]
    with suppress(Exception):
        create_table_artifact(rows, key=_key(study, "outcome"), description="Kørslen i tal")
        if outcome.refused:
            # Why stands in run.json: the reason may be nearer to the interview than a server should be told.
            files = [{"fil": refusal.file} for refusal in outcome.refused]
            create_table_artifact(files, key=_key(study, "refused"), description="Afviste filer, se run.json")


def _key(study: str, what: str) -> str:
    """Return a name as Prefect wants it: small letters, digits and dashes."""
    plain = study.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[^a-z0-9]+", "-", f"{plain}-{what}").strip("-")
