"""The main flow: read the transcripts that are new, code what lacks suggestions, write the report.

Run it as ``qualcode run STUDY_DIR`` or ``python flows/code_interviews.py STUDY_DIR``. Parameters, results and
states hold paths, names and counts only: Prefect keeps them in clear.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import qualcode.flows  # noqa: F401 - sets the environment that prefect reads when imported
from prefect import flow, task
from prefect.cache_policies import CacheKeyFnPolicy
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture, as_completed
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task
from qualcode.flows.server import own_server
from sqlalchemy.exc import OperationalError

from qualcode import jobs
from qualcode.jobs import Job
from qualcode.models import digest
from qualcode.outputs import Outcome, write_outputs
from qualcode.progress import Meter, Stages

WORKERS = 2
# Prefect's own types do not agree on what a flow takes.
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=WORKERS)


def _passing(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry where it can help: a database that was locked or away for a moment."""
    return isinstance(state.result(raise_on_failure=False), OperationalError)


def _given_key(_context: object, parameters: dict[str, Any]) -> str:
    return str(parameters["key"])


_unit: Callable[[Callable[..., int]], Task[..., int]] = task(
    cache_policy=CacheKeyFnPolicy(cache_key_fn=_given_key),
    persist_result=True,
    result_serializer="json",
    retries=2,
    retry_delay_seconds=2,
    retry_condition_fn=_passing,
)


@_unit
def read_batch(job: dict[str, str | None], names: list[str], key: str) -> int:
    """Read a batch of transcripts into the database; return how many."""
    settings = _job(job)
    jobs.read_documents(settings.study(), settings.open_database(), names, allow_flagged=settings.allow_flagged)
    return len(names)


@_unit
def code_batch(job: dict[str, str | None], names: list[str], key: str) -> int:
    """Code a batch of stored documents; return how many got new suggestions."""
    study, database, workshop = jobs.open_study(_job(job))
    return jobs.code_documents(study, database, workshop.coder(), names)


@flow(name="code_interviews", task_runner=_RUNNER, validate_parameters=False)
def code_interviews(job: dict[str, str | None]) -> Outcome:
    """Read, code and report one study; return what was done."""
    settings = _job(job)
    stages = Stages()
    study, database, workshop = jobs.open_study(settings)
    stamp = f"{database.id}-{database.changes}"

    to_read = jobs.files_to_read(study, database, allow_flagged=settings.allow_flagged)
    with stages.stage("read", "Læser transskriptioner", len(to_read)) as meter:
        read = sum(_in_batches(read_batch, job, to_read, stamp, meter))
    refused = jobs.settle_documents(study, database)
    jobs.check_waves(study, database)

    to_code = jobs.files_to_code(study, database, workshop.coder_digest)
    with stages.stage("code", "Koder interview", len(to_code)) as meter:
        if to_code:
            workshop.coder()
        coded = sum(_in_batches(code_batch, job, to_code, stamp, meter))

    with stages.stage("report", "Skriver rapport", 1) as meter:
        outcome = write_outputs(
            study,
            database,
            workshop.codebook,
            settings.out_folder(study),
            refused,
            read=read,
            coded=coded,
            seconds=stages.seconds,
            coder=workshop.coder_digest,
            allow_flagged=settings.allow_flagged,
        )
        meter.advance()
    return outcome


def _in_batches(
    unit: Task[..., int], job: dict[str, str | None], content: dict[str, str], stamp: str, meter: Meter
) -> Iterator[int]:
    """Run a task over batches and yield the results as they come.

    Args:
        unit: the task
        job: where things are
        content: document → hash of what its result depends on
        stamp: names the state of the database, for a result is worth nothing in another one
        meter: advanced as documents are done
    """
    sizes: dict[PrefectFuture[Any], int] = {}
    for names in jobs.batches(sorted(content), WORKERS):
        key = digest(unit.name, stamp, [(name, content[name]) for name in names])
        sizes[unit.submit(job, names, key)] = len(names)
    for future in as_completed(list(sizes)):
        yield future.result()
        meter.advance(sizes[future])


def _job(fields: dict[str, str | None]) -> Job:
    return Job(
        folder=Path(fields["folder"] or "."),
        codebook=Path(fields["codebook"]) if fields["codebook"] else None,
        out=Path(fields["out"]) if fields["out"] else None,
        work=Path(fields["work"] or jobs.WORK_FOLDER),
        database=fields["database"],
        accept_changes=bool(fields["accept_changes"]),
        allow_flagged=bool(fields["allow_flagged"]),
    )


def run(job: Job) -> Outcome:
    """Run the flow for a job, without Prefect's heartbeat, which costs a second at the end.

    Prefect's server takes seconds to start; a model that has to be trained is trained meanwhile.
    """
    _, _, shop = jobs.open_study(job)
    fields = {
        "folder": str(job.folder),
        "codebook": str(job.codebook) if job.codebook else None,
        "out": str(job.out) if job.out else None,
        "work": str(job.work),
        "database": job.database,
        "accept_changes": "yes" if job.accept_changes else None,
        "allow_flagged": "yes" if job.allow_flagged else None,
    }
    Thread(target=_prepare, args=(shop,), daemon=True).start()
    with _api() as address, temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_API_URL: address}):
        return code_interviews(fields)


@contextmanager
def _api() -> Iterator[str]:
    """Yield the address of the server the user has chosen, else of one of the run's own."""
    chosen = PREFECT_API_URL.value()
    if chosen:
        yield chosen
    else:
        with own_server() as address:
            yield address


def _prepare(shop: jobs.Workshop) -> None:
    with suppress(Exception):
        # The flow makes the same call and tells what is wrong.
        shop.coder()


def main(arguments: Sequence[str]) -> int:
    """Run ``qualcode run`` with these arguments."""
    from qualcode.cli import main as qualcode

    return qualcode(["run", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
