"""Where a run's time goes: stages of the pipeline, timed where they are, in one process without Prefect.

Time is what the processor spends on the process, all threads together: on a machine that others use too, the clock on
the wall says little. A stage that another is part of is not counted twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Clock:
    """Processor seconds by stage; what runs within a stage's own inner stage is the inner one's."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open: list[str] = []
        self._since = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs within as this stage's."""
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    def _book(self) -> None:
        now = time.process_time()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is counted as a stage."""

        def run(*arguments: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*arguments, **named)

        return run

    def listed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same for a function that yields: all of it is drawn at once."""
        return self.timed(name, lambda *arguments, **named: list(function(*arguments, **named)))


@contextmanager
def watched(clock: Clock, places: list[tuple[Any, str, str]], listed: list[tuple[Any, str, str]]) -> Iterator[None]:
    """Time attributes of modules and classes, each given as (where, attribute, stage), for a while."""
    before = [(where, attribute, getattr(where, attribute)) for where, attribute, _ in (*places, *listed)]
    for where, attribute, stage in places:
        setattr(where, attribute, clock.timed(stage, getattr(where, attribute)))
    for where, attribute, stage in listed:
        setattr(where, attribute, clock.listed(stage, getattr(where, attribute)))
    try:
        yield
    finally:
        for where, attribute, value in before:
            setattr(where, attribute, value)
