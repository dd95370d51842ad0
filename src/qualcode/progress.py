"""How far a run has come: a bar on a terminal, plain lines when piped."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# Seconds between the lines of a stage when piped.
BETWEEN_LINES = 20.0


@dataclass
class Meter:
    """Counts what a stage has done.

    Attributes:
        stage: name of the stage
        label: the same for people
        total: documents that the stage has before it
        shows: told each time more is done
        done: documents done
        units: meaning units in them
    """

    stage: str
    label: str
    total: int
    shows: "Sequence[Callable[[Meter], None]]"
    done: int = 0
    units: int = 0

    def advance(self, documents: int = 1, units: int = 0) -> None:
        """Say that so many more are done."""
        self.done += documents
        self.units += units
        for show in self.shows:
            show(self)


@dataclass
class Stages:
    """Shows the stages of a run on stderr and keeps their times.

    Attributes:
        seconds: time each finished stage took, by name
        shows: told of progress besides the person who looks on
        clock: seconds since any beginning
    """

    seconds: dict[str, float] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True))
    shows: Sequence[Callable[[Meter], None]] = ()
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def stage(self, name: str, label: str, total: int) -> Iterator[Meter]:
        """Show one stage while it runs; one that has nothing to do is not shown."""
        begun = self.clock()
        shown = self._bar if self.console.is_terminal else self._lines
        with shown(label, total) as show:
            yield Meter(name, label, total, (show, *self.shows))
        self.seconds[name] = round(self.clock() - begun, 3)

    @contextmanager
    def _bar(self, label: str, total: int) -> Iterator[Callable[[Meter], None]]:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[rest]}"),
        )
        begun = self.clock()
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(label, total=total, rest="", visible=total > 0)

            def show(meter: Meter) -> None:
                progress.update(task, completed=meter.done, rest=_rest(meter, self.clock() - begun))

            yield show

    @contextmanager
    def _lines(self, label: str, total: int) -> Iterator[Callable[[Meter], None]]:
        begun = last = self.clock()
        if total:
            self.console.print(f"{label} ({_number(total)}) …" if total > 1 else f"{label} …")

        def show(meter: Meter) -> None:
            nonlocal last
            if self.clock() - last >= BETWEEN_LINES and meter.done < meter.total:
                last = self.clock()
                self.console.print(
                    f"{label}: {_number(meter.done)} af {_number(meter.total)}, {_rest(meter, last - begun)}"
                )

        yield show


def _rest(meter: Meter, elapsed: float) -> str:
    """Return how many meaning units were coded and how much time is left, as far as these can be told."""
    told = [f"{_number(meter.units)} meningsenheder"] if meter.units else []
    if 0 < meter.done < meter.total:
        told.append(_left(elapsed / meter.done * (meter.total - meter.done)))
    return ", ".join(told)


def _left(seconds: float) -> str:
    if seconds < 60:
        return "under 1 min. tilbage"
    if seconds < 5400:
        return f"ca. {round(seconds / 60)} min. tilbage"
    hours = f"{seconds / 3600:.1f}".replace(".", ",")
    return f"ca. {hours} timer tilbage"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
