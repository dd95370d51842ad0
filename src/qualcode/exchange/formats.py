"""The one table of exchange formats; a new one is a module with a writer or a reader, and a line here."""

from collections.abc import Mapping

from qualcode.exchange.codes_import import import_codes
from qualcode.exchange.csv_in import import_csv
from qualcode.exchange.csvfile import export_csv
from qualcode.exchange.data_out import export_json, export_parquet
from qualcode.exchange.excel_in import import_xlsx
from qualcode.exchange.excel_out import export_xlsx
from qualcode.exchange.refi.codes_out import export_qdc
from qualcode.exchange.refi.project_out import export_qdpx
from qualcode.exchange.refi.project_plan import import_qdpx
from qualcode.exchange.requests import Exporter, Importer, ImportPlan, ImportRequest
from qualcode.exchange.taguette import is_taguette


def _import_table(request: ImportRequest) -> ImportPlan:
    """Return what a ``.csv`` file would bring, which may be a codebook of Taguette or a list of codings."""
    return (import_codes if is_taguette(request.content, request.file) else import_csv)(request)


# By the name given with --format.
EXPORTS: Mapping[str, Exporter] = {
    "csv": export_csv,
    "json": export_json,
    "parquet": export_parquet,
    "qdc": export_qdc,
    "qdpx": export_qdpx,
    "xlsx": export_xlsx,
}
# By the file's ending.
IMPORTS: Mapping[str, Importer] = {
    ".csv": _import_table,
    ".qdc": import_codes,
    ".qdpx": import_qdpx,
    ".xlsx": import_xlsx,
}
