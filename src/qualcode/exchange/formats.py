"""The one table of exchange formats; a new one is a module with a writer or a reader, and a line here."""

from collections.abc import Mapping

from qualcode.exchange.csvfile import export_csv
from qualcode.exchange.excel_in import import_xlsx
from qualcode.exchange.excel_out import export_xlsx
from qualcode.exchange.requests import Exporter, Importer

# By the name given with --format.
EXPORTS: Mapping[str, Exporter] = {"csv": export_csv, "xlsx": export_xlsx}
# By the file's ending.
IMPORTS: Mapping[str, Importer] = {".xlsx": import_xlsx}
