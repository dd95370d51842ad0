"""Watch a study: whenever new files have arrived, the main flow runs.

One Prefect server serves all the runs: the one at ``PREFECT_API_URL``, or one of its own while it watches.
"""

import time
from collections.abc import Callable

import qualcode.flows  # noqa: F401 - sets the environment that prefect reads when imported
from qualcode.flows.code_interviews import run
from qualcode.flows.runners import shared_server

from qualcode import jobs
from qualcode.arriving import Arrivals
from qualcode.errors import QualcodeError, fault
from qualcode.jobs import Job
from qualcode.outputs import Outcome
from qualcode.store.database import may_pass


def watch(job: Job, tell: Callable[[Outcome], None], say: Callable[[str], None], *, every: float) -> None:
    """Run the flow whenever the study's files have changed and lie still; ends only by a signal.

    Args:
        job: what to run
        tell: called with what each run did
        say: called with a line for people
        every: seconds between two looks at the folder
    """
    arrivals = Arrivals(job.folder)
    with shared_server():
        while True:
            try:
                if arrivals.look():
                    # Before the run: what arrives while it goes on is for the next one.
                    arrivals.take()
                    if not jobs.is_idle(*jobs.open_study(job), allow_flagged=job.allow_flagged):
                        tell(run(job))
            except QualcodeError as error:
                say(str(error))
            except Exception as error:
                # A server that is away must not end the watch.
                say(f"Kørslen mislykkedes ({fault(error)}). Den prøves igen, når det kan hjælpe.")
                if may_pass(error):
                    arrivals.done = None
            time.sleep(every)
