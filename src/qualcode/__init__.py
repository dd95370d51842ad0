"""Coding and thematic reports for Danish qualitative interviews.

The pipeline reads like the folder: ``ingest`` → ``codebook`` → ``language`` → ``coding`` → ``store`` →
``analysis`` → ``reporting`` → ``exchange``. See ``docs/architecture.md``.
"""

from importlib.metadata import version

__version__ = version("qualcode")
