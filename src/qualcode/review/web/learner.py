"""Learning beside the page: one piece of work at a time in a thread of its own, while analysts go on deciding."""

import logging
import threading
import traceback
from collections.abc import Callable
from enum import StrEnum

from qualcode import training
from qualcode.errors import QualcodeError
from qualcode.jobs import Job
from qualcode.review.desk import Desk
from qualcode.store.learned import Kept
from qualcode.training import Lesson

_LOG = logging.getLogger(__name__)


class State(StrEnum):
    """What the learner is at: nothing, learning, holding a lesson to be looked at, coding anew."""

    IDLE = "ledig"
    LEARNING = "lærer"
    READY = "klar"
    CODING = "koder om"


class Learner:
    """Learns from a study's decisions and keeps what it learned until somebody says yes or no to it.

    Args:
        desk: the study

    Attributes:
        state: what it is at
        lesson: what was learned, while the state is ready
        upto: the journal's last event when learning began
        fault: why the last piece of work came to nothing, in Danish; empty if it did not
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self.state = State.IDLE
        self.lesson: Lesson | None = None
        self.upto = 0
        self.fault = ""

    @property
    def _job(self) -> Job:
        desk = self._desk
        return Job(desk.folder, desk.codebook_file, work=desk.work, database=desk.database.url)

    @property
    def busy(self) -> bool:
        """Whether it is at work."""
        return self.state in (State.LEARNING, State.CODING)

    def learn(self, upto: int) -> None:
        """Begin to learn, unless it is at work."""

        def work() -> State:
            self.lesson = training.learn(self._job)
            return State.READY

        if self._begin(State.LEARNING, work):
            self.upto = upto

    def apply(self, analyst: str) -> None:
        """Begin to code anew with what was learned, unless it is at work or has learned nothing."""
        lesson = self.lesson
        if lesson is None:
            return

        def work() -> State:
            training.apply(self._job, lesson, analyst)
            self.lesson = None
            return State.IDLE

        self._begin(State.CODING, work)

    def restore(self, number: int) -> None:
        """Begin to code anew with a kept model, unless it is at work."""

        def work() -> State:
            training.restore(self._job, number)
            self.lesson = None
            return State.IDLE

        self._begin(State.CODING, work)

    def discard(self) -> None:
        """Forget what was learned."""
        with self._lock:
            if not self.busy:
                self.state, self.lesson = State.IDLE, None

    def kept(self) -> list[Kept]:
        """Return the cards of the study's models."""
        return training.kept(self._job)

    def _begin(self, state: State, work: Callable[[], State]) -> bool:
        with self._lock:
            if self.busy:
                return False
            self.state, self.fault = state, ""
        threading.Thread(target=self._run, args=(work,), daemon=True).start()
        return True

    def _run(self, work: Callable[[], State]) -> None:
        try:
            after = work()
        except QualcodeError as error:
            self.fault, after = str(error), State.IDLE
        except Exception as error:
            # The type and the place only: a message may quote an interview.
            place = traceback.extract_tb(error.__traceback__)[-1]
            _LOG.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
            self.fault, after = "Uventet fejl i qualcode. Intet er skiftet ud.", State.IDLE
        self.state = after
