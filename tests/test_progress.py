import io

import pytest
from rich.console import Console

from qualcode.progress import BETWEEN_LINES, Meter, Stages


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=120, highlight=False, soft_wrap=True)


def written(stages: Stages) -> str:
    assert isinstance(stages.console.file, io.StringIO)
    return stages.console.file.getvalue()


def test_piped_a_stage_is_a_line_and_a_long_one_tells_now_and_then_how_far_it_is() -> None:
    clock = Clock()
    stages = Stages(console=console(terminal=False), clock=clock)
    with stages.stage("code", "Koder interview", 2000) as meter:
        for _ in range(3):
            clock.now += BETWEEN_LINES / 2
            meter.advance(400, 3000)
    assert written(stages).splitlines() == [
        "Koder interview (2.000) …",
        "Koder interview: 800 af 2.000, 6.000 meningsenheder, under 1 min. tilbage",
    ]
    assert stages.seconds == {"code": BETWEEN_LINES * 1.5}


def test_a_stage_with_nothing_to_do_is_not_shown() -> None:
    for terminal in (False, True):
        stages = Stages(console=console(terminal=terminal))
        with stages.stage("read", "Læser", 0):
            pass
        assert "Læser" not in written(stages)
        assert "read" in stages.seconds


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(50, "under 1 min. tilbage"), (240, "ca. 4 min. tilbage"), (9000, "ca. 2,5 timer tilbage")],
)
def test_a_terminal_gets_a_bar_with_files_units_and_time_left(seconds: float, told: str) -> None:
    clock = Clock()
    stages = Stages(console=console(terminal=True), clock=clock)
    with stages.stage("code", "Koder interview", 20) as meter:
        clock.now += seconds
        meter.advance(10, 1234)
    shown = written(stages)
    assert "10/20" in shown
    assert f"1.234 meningsenheder, {told}" in shown


def test_others_are_told_too() -> None:
    heard: list[tuple[str, int, int]] = []

    def hear(meter: Meter) -> None:
        heard.append((meter.stage, meter.done, meter.total))

    with Stages(console=console(terminal=False), shows=(hear,)).stage("code", "Koder", 3) as meter:
        meter.advance(2)
        meter.advance()
    assert heard == [("code", 2, 3), ("code", 3, 3)]
