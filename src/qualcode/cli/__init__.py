"""The command line: help in English, what it tells about a study in Danish.

Exit codes: 0 all well, 1 some documents were refused, 2 wrong usage or nothing could be done.
Each module registers its commands when it is imported; the stages are imported inside the commands, so that help
and errors come at once.
"""

import os
import signal
import sys
from collections.abc import Sequence

# Imported for the commands they register.
from qualcode.cli import (  # noqa: F401
    agreeing,
    codebook_exchange,
    codebooks,
    exchanging,
    measuring,
    privacy,
    reading,
    reviewing,
    running,
    starting,
    training,
)
from qualcode.cli.app import app, say
from qualcode.cli.faults import told, watch_for_ctrl_c
from qualcode.errors import QualcodeError

__all__ = ["app", "main"]
# What libraries that a user may add would otherwise ask or tell on the network; Prefect's is in qualcode.flows.
_SILENCE = {
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; no error meant for the user shows a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    watch_for_ctrl_c()
    for name, value in _SILENCE.items():
        os.environ.setdefault(name, value)
    try:
        app(args=arguments, prog_name="qualcode")
    except QualcodeError as error:
        say(str(error))
        return 2
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except Exception as error:
        say(told(error))
        return 2
    return 0
