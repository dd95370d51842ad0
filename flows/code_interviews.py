"""The main flow: read the transcripts that are new, code what lacks suggestions, write the report.

Run it as ``qualcode run STUDY_DIR`` or ``python flows/code_interviews.py STUDY_DIR``. Parameters, results and
states hold paths, names and counts only: Prefect keeps them in clear.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

import qualcode.flows  # noqa: F401 - sets the environment that prefect reads when imported
from prefect import flow, task
from prefect.cache_policies import CacheKeyFnPolicy
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture, as_completed
from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task
from qualcode.flows.artifacts import outcome_on_server, progress_on_server
from qualcode.flows.runners import WORKERS, shared_server, task_runner

from qualcode import jobs
from qualcode.jobs import Job
from qualcode.models import digest
from qualcode.outputs import Outcome, write_outputs
from qualcode.progress import Meter, Stages
from qualcode.store.database import Database, lasting_url, may_pass

# Prefect's own types do not agree on what a flow takes.
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=WORKERS)
Fields = dict[str, Any]


def _passing(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry where it can help: a database that was locked or away for a moment."""
    return may_pass(state.result(raise_on_failure=False))


def _given_key(_context: object, parameters: dict[str, Any]) -> str:
    return str(parameters["key"])


_unit: Callable[[Callable[..., tuple[int, int]]], Task[..., tuple[int, int]]] = task(
    cache_policy=CacheKeyFnPolicy(cache_key_fn=_given_key),
    persist_result=True,
    result_serializer="json",
    retries=2,
    retry_delay_seconds=2,
    retry_condition_fn=_passing,
)


@_unit
def read_batch(job: Fields, database_id: str, names: list[str], key: str) -> tuple[int, int]:
    """Read a batch of transcripts into the database; return how many, and that no meaning units were coded.

    A machine that does not have the folder reads none.
    """
    settings = _job(job)
    if not settings.folder.is_dir():
        return 0, 0
    database = jobs.join_database(settings, database_id)
    jobs.read_documents(settings.study(), database, names, allow_flagged=settings.allow_flagged)
    return len(names), 0


@_unit
def code_batch(job: Fields, database_id: str, names: list[str], key: str, coder: str) -> tuple[int, int]:
    """Code a batch of stored documents; return how many were coded, and the meaning units in them."""
    study, database, workshop = jobs.join(_job(job), database_id, coder)
    return jobs.code_documents(study, database, workshop.coder(), names)


@flow(name="code_interviews", task_runner=_RUNNER, validate_parameters=False)
def code_interviews(
    folder: str,
    codebook: str | None = None,
    out: str | None = None,
    work: str = jobs.WORK_FOLDER,
    database: str | None = None,
    accept_changes: bool = False,
    allow_flagged: bool = False,
    workers: int = WORKERS,
) -> Outcome:
    """Read, code and report one study; return what was done.

    Args:
        folder: the study folder
        codebook: file chosen instead of the study's own
        out: folder of the reports
        work: folder for models, vectors and Prefect's files
        database: SQLAlchemy URL without a password
        accept_changes: read tracked changes as accepted
        allow_flagged: read transcripts with direct identifiers too
        workers: how many batches are worked on at a time
    """
    settings = _job(
        {
            "folder": folder,
            "codebook": codebook,
            "out": out,
            "work": work,
            "database": database,
            "accept_changes": accept_changes,
            "allow_flagged": allow_flagged,
        }
    )
    study, store, workshop = jobs.open_study(settings)
    stages = Stages(shows=progress_on_server(study.name))
    batches = _Batches(_fields(settings), store, workers)

    to_read = jobs.files_to_read(study, store, allow_flagged=allow_flagged)
    with stages.stage("read", "Læser transskriptioner", len(to_read)) as meter:
        read = batches.run(read_batch, to_read, meter)
        if read < len(to_read):
            left = jobs.files_to_read(study, store, allow_flagged=allow_flagged)
            jobs.read_documents(study, store, left, allow_flagged=allow_flagged)
            read += len(left)
    refused = jobs.settle_documents(study, store)
    jobs.check_waves(study, store)

    to_code = jobs.files_to_code(study, store, workshop.coder_digest)
    with stages.stage("code", "Koder interview", len(to_code)) as meter:
        if to_code:
            workshop.coder()
        coded = batches.run(code_batch, to_code, meter, coder=workshop.coder_digest)
    if coded < len(to_code):
        refused = jobs.settle_documents(study, store)

    with stages.stage("report", "Skriver rapport", 1) as meter:
        outcome = write_outputs(
            study,
            store,
            workshop.codebook,
            settings.out_folder(study),
            refused,
            read=read,
            coded=coded,
            seconds=stages.seconds,
            coder=workshop.coder_digest,
            allow_flagged=allow_flagged,
        )
        meter.advance()
    outcome_on_server(study.name, outcome, stages.seconds)
    return outcome


@dataclass(frozen=True)
class _Batches:
    """Runs tasks over batches of documents.

    Attributes:
        job: where things are, on any machine
        store: the database that tasks write to
        workers: how many tasks run at a time
    """

    job: Fields
    store: Database
    workers: int

    def run(self, unit: Task[..., tuple[int, int]], content: dict[str, str], meter: Meter, **more: str) -> int:
        """Run a task and return how many documents it did; a batch that fails lets the others end first.

        Args:
            unit: the task
            content: document → hash of what its result depends on
            meter: advanced as documents are done
            more: passed on to the task
        """
        # A result is worth nothing in another run: the database may have been put back to what it was before. Within
        # one it spares a batch whose worker died; what an earlier run has done, the database says.
        stamp = flow_run.id
        sizes: dict[PrefectFuture[Any], int] = {}
        for names in jobs.batches(sorted(content), self.workers):
            key = digest(unit.name, stamp, [(name, content[name]) for name in names])
            sizes[unit.submit(self.job, self.store.id, names, key, **more)] = len(names)
        done = 0
        failures: list[Exception] = []
        for future in as_completed(list(sizes)):
            try:
                documents, units = future.result()
            except Exception as error:
                failures.append(error)
            else:
                done += documents
                meter.advance(sizes[future], units)
        if failures:
            raise failures[0]
        return done


def _job(fields: Fields) -> Job:
    return Job(
        folder=Path(fields["folder"]),
        codebook=Path(fields["codebook"]) if fields["codebook"] else None,
        out=Path(fields["out"]) if fields["out"] else None,
        work=Path(fields["work"]),
        database=fields["database"],
        accept_changes=bool(fields["accept_changes"]),
        allow_flagged=bool(fields["allow_flagged"]),
    )


def _fields(job: Job) -> Fields:
    """Return a job as Prefect keeps it: paths that hold in any working folder, no password."""
    return {
        "folder": str(job.folder.absolute()),
        "codebook": str(job.codebook.absolute()) if job.codebook else None,
        "out": str(job.out.absolute()) if job.out else None,
        "work": str(job.work.absolute()),
        "database": lasting_url(job.database),
        "accept_changes": job.accept_changes,
        "allow_flagged": job.allow_flagged,
    }


def run(job: Job, runner: str = "threads", address: str | None = None) -> Outcome:
    """Run the flow for a job, without Prefect's heartbeat, which costs a second at the end.

    Prefect's server takes seconds to start; a model that has to be trained is trained meanwhile.

    Args:
        job: what to do
        runner: one of :data:`~qualcode.flows.runners.RUNNERS`
        address: of a Dask scheduler

    Raises:
        UsageError: the runner cannot be had.
    """
    chosen = task_runner(runner, address)
    _, _, shop = jobs.open_study(job)
    Thread(target=_prepare, args=(shop,), daemon=True).start()
    with shared_server(), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        flow = code_interviews.with_options(task_runner=chosen.prefect)
        outcome: Outcome = flow(**_fields(job), workers=chosen.workers)
    # People are told of the folder as they named it.
    return replace(outcome, out=job.out_folder(job.study()))


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
