"""Two sets of codes against each other: roles named in the same turn, or the levels of those who speak."""

from collections.abc import Sequence

from qualcode.analyses import BY_LEVEL, MatrixSettings
from qualcode.analysis import counts
from qualcode.analysis.counts import PERSON
from qualcode.analysis.suppression import Count, total
from qualcode.reporting.context_steps import Steps, among, passages, steps_of
from qualcode.reporting.danish import lower_first, upper_first
from qualcode.reporting.material import Material
from qualcode.reporting.values import Theme
from qualcode.reporting.values_analyses import Matrix, Tally


def matrix(material: Material, asked: MatrixSettings, themes: Sequence[Theme]) -> Matrix:
    """Return the matrix that the study asks for."""
    columns = steps_of(material, asked.columns, themes)
    names = tuple(code.name for code in columns.codes)
    if asked.rows == BY_LEVEL:
        return Matrix(
            title=f"Niveauer og {lower_first(columns.parent.name)}",
            rows=tuple(upper_first(group.plural) for group in material.groups),
            columns=names,
            roles=False,
            cells=_of_levels(material, columns),
        )
    rows = steps_of(material, asked.rows, themes)
    return Matrix(
        title=f"{rows.parent.name} og {lower_first(columns.parent.name)}",
        rows=tuple(code.name for code in rows.codes),
        columns=names,
        roles=True,
        cells=tuple(
            tuple(_meeting(material, rows, columns, row.id, column.id) for column in columns.codes)
            for row in rows.codes
        ),
    )


def _of_levels(material: Material, columns: Steps) -> tuple[tuple[Tally, ...], ...]:
    """Return people and passages of each level; passages only where the whole column is shown, for they add up."""
    group = columns.found["level"].map(material.group_of)
    cells, _ = among(material, columns, lambda rows: rows["level"].map(material.group_of), material.sizes)
    whole = {code.id: not any(cells[code.id, name].hidden for name in material.sizes) for code in columns.codes}
    return tuple(
        tuple(
            Tally(
                cells[code.id, name],
                passages(columns.found[(group == name) & (columns.found["step"] == code.id)])
                if whole[code.id]
                else None,
            )
            for code in columns.codes
        )
        for name in material.sizes
    )


def _meeting(material: Material, rows: Steps, columns: Steps, row: str, column: str) -> Tally:
    """Return who has a passage with the column's code in a turn that names the row's.

    Everybody may stand in many fields or none, so that no field can be computed from others; where the number of a
    whole row or column is hidden, a field would be a floor under it and is hidden, too.
    """
    turn = [*PERSON, "turn"]
    named = rows.found[rows.found["step"] == row][turn].drop_duplicates()
    found = columns.found[columns.found["step"] == column].merge(named, on=turn)
    people = total(counts.people(found), material.people, material.small_cell)
    if rows.counts[row].hidden or columns.counts[column].hidden:
        people = Count(None, material.people)
    return Tally(people, None if people.hidden else passages(found))
