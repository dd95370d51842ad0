"""The chapters that a study asks for in ``study.yaml``."""

from collections.abc import Sequence

from qualcode.reporting.context_matrix import matrix
from qualcode.reporting.context_profile import profile
from qualcode.reporting.context_scale import scale
from qualcode.reporting.context_waves import waves
from qualcode.reporting.material import Material
from qualcode.reporting.values import Theme
from qualcode.reporting.values_analyses import Analyses


def analyses(material: Material, themes: Sequence[Theme]) -> Analyses:
    """Return them."""
    asked = material.analyses
    return Analyses(
        waves=waves(material, themes) if asked.waves else None,
        scale=scale(material, themes) if asked.scale else None,
        matrix=matrix(material, asked.matrix, themes) if asked.matrix else None,
        profile=profile(material, asked.profile, themes) if asked.profile else None,
    )
