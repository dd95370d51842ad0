"""Damaged files of every kind: read, or refused in one clear line; nothing else is ever raised."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzzing import PIECES, Edit, attempt, damaged, targets

EDITS = st.lists(
    st.builds(
        Edit, st.floats(0, 1), st.integers(0, 40) | st.just(10**9), st.sampled_from(PIECES) | st.binary(max_size=8)
    ),
    min_size=1,
    max_size=4,
)
NAMES = sorted(targets())


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)
@given(edits=EDITS, member=st.none() | st.integers(0, 20))
def test_damaged_files_are_read_or_refused(name: str, edits: list[Edit], member: int | None) -> None:
    target = targets()[name]
    attempt(target, damaged(target.valid, edits, member))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8, suppress_health_check=list(HealthCheck), derandomize=True)
@given(content=st.binary(max_size=200))
@example(content=b"")
def test_noise_is_read_or_refused(name: str, content: bytes) -> None:
    attempt(targets()[name], content)


def test_the_undamaged_files_are_read() -> None:
    for name, target in targets().items():
        assert target.reader(target.valid) is not None, name
