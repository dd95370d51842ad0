"""Runs commands in forks of a process that has imported everything, and kills them when told: ``python tests/warm.py``.

Reads a line of JSON for each command from its standard input: ``argv``, ``cwd``, ``kill_after`` (seconds or null), and
answers with one: ``code`` (negative: the signal that ended it), ``seconds``. A fork costs milliseconds where a start
costs seconds, so that a test can afford a hundred kills.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import qualcode.flows.code_interviews

import qualcode.exchange.formats
import qualcode.outputs
import qualcode.training  # noqa: F401
from qualcode import cli
from qualcode.language.pipeline import danish

COMMANDS = sys.stdin


def run(argv: list[str], cwd: str) -> None:
    """The life of a fork."""
    os.chdir(cwd)
    told = os.open(Path(cwd).parent / "told.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(told, 1)
    os.dup2(told, 2)
    code = 70
    try:
        code = cli.main(argv)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def watch(child: int, kill_after: float | None) -> int:
    """Wait for a fork, or kill it."""
    deadline = time.monotonic() + (600 if kill_after is None else kill_after)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        left = deadline - time.monotonic()
        if left <= 0:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            return os.waitstatus_to_exitcode(status)
        time.sleep(min(0.01, left))


danish()
for line in COMMANDS:
    order = json.loads(line)
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        run(order["argv"], order["cwd"])
    code = watch(child, order["kill_after"])
    sys.stdout.write(json.dumps({"code": code, "seconds": time.monotonic() - begun}) + "\n")
    sys.stdout.flush()
