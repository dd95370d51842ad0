"""How far a run has come: a bar on a terminal, a plain line a stage when piped."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@dataclass
class Stages:
    """Shows the stages of a run on stderr and keeps their times.

    Attributes:
        seconds: time each finished stage took, by name
    """

    seconds: dict[str, float] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    @contextmanager
    def stage(self, name: str, label: str, total: int) -> Iterator["Meter"]:
        """Show one stage while it runs."""
        begun = time.monotonic()
        if self.console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            with Progress(*columns, console=self.console, transient=False) as progress:
                yield Meter(progress, progress.add_task(label, total=total))
        else:
            self.console.print(f"{label} ({total}) …")
            sys.stderr.flush()
            yield Meter(None, TaskID(0))
        self.seconds[name] = round(time.monotonic() - begun, 3)


@dataclass
class Meter:
    """Counts what a stage has done."""

    progress: Progress | None
    task: TaskID

    def advance(self, count: int = 1) -> None:
        """Say that so many more are done."""
        if self.progress:
            self.progress.advance(self.task, count)
