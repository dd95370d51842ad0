"""Runs a qualcode command; prints its peak memory as a last line of JSON: ``python -m benchmarks.peak run STUDY``."""

import json
import resource
import sys

from qualcode.cli import main

code = main(sys.argv[1:])
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
sys.exit(code)
