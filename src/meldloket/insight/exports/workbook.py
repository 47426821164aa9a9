"""Excel workbooks (ECMA-376, SpreadsheetML) of any number of rows, written while they are sent.

Own code, after libraries were tried with rows of this export: XlsxWriter with constant_memory made 9,000 rows a second;
rustpy-xlsxwriter 34,000 to 80,000, but it gives nothing until everything is written, so there is no stream, no progress and
no cancelling. Here whole columns become XML at once (pyarrow), and the standard library packs them: constant memory, and
several times as fast."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc

from .drain import Drain
from .fields import FIELDS

MOST_ROWS = 1_048_576  # on one sheet, the headings included
#: A sheet never comes near the size from which a zip needs its 64-bit form, which Excel does not read from a stream.
MOST_BYTES = 1_500_000_000
PART = 2_000  # rows that are XML at the same time, a kilobyte each
_DAY = 86_400
_EXCEL_EPOCH = 25_569  # 1 January 1970, in Excel's days

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: Places in `cellXfs`: plain, heading, text, day, moment, number. A text is told to be text (49, "@"), so that it stays one
#: when somebody edits the cell; what begins with "=" is never a formula.
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/><numFmt numFmtId="166" formatCode="0.000000"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6">'
    '<xf/><xf fontId="1" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_WIDTHS = {"text": 28, "word": 22, "whole": 11, "number": 12, "day": 12, "moment": 17, "flag": 9}
#: Characters that XML 1.0 does not know, and what Excel takes for one that it wrote itself ("_x000D_").
_UNKNOWN = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]"
_LOOKS_ESCAPED = "_(x[0-9A-Fa-f]{4}_)"


def _column_name(place: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


_BEGIN = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    + "".join(
        f'<col min="{place}" max="{place}" width="{_WIDTHS[row.kind]}" customWidth="1"/>'
        for place, row in enumerate(FIELDS, 1)
    )
    + "</cols><sheetData><row>"
    + "".join(f'<c t="inlineStr" s="1"><is><t>{escape(row.name)}</t></is></c>' for row in FIELDS)
    + "</row>"
)


def _escaped(texts: pa.Array) -> pa.Array:
    """Texts as they may stand in XML."""
    for pattern, replacement in ((_UNKNOWN, ""), (_LOOKS_ESCAPED, r"_x005F_\1")):
        if pc.any(pc.match_substring_regex(texts, pattern)).as_py():
            texts = pc.replace_substring_regex(texts, pattern, replacement)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        texts = pc.replace_substring(texts, sign, entity)
    return texts


class Shared(dict[str, int]):
    """The few texts of word columns, with their places in the package's list of shared strings."""

    def cells(self, values: pa.Array) -> pa.Array:
        """A word column as `<c>` elements that point into the list."""
        encoded = values.dictionary_encode()
        places = [self.setdefault(text, len(self)) for text in encoded.dictionary.to_pylist()]
        return pc.take(pa.array([f'<c t="s" s="2"><v>{place}</v></c>' for place in places], pa.string()), encoded.indices)

    def xml(self) -> str:
        """The list."""
        texts = _escaped(pa.array(list(self), pa.string())).to_pylist()
        items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
        return f'{_XML}<sst xmlns="{_MAIN}">{items}</sst>'


def _cells(kind: str, values: pa.Array, shared: Shared) -> pa.Array:
    """One column as `<c>` elements; an empty one where nothing is known."""
    begin, end, content = "<c><v>", "</v></c>", values
    if kind == "text":
        begin, end = '<c t="inlineStr" s="2"><is><t xml:space="preserve">', "</t></is></c>"
        content = _escaped(values)
    elif kind == "word":
        return pc.fill_null(shared.cells(values), "<c/>")
    elif kind == "flag":
        return pc.fill_null(shared.cells(pc.if_else(values, "ja", "nee")), "<c/>")
    elif kind == "day":
        begin, content = '<c s="3"><v>', pc.add(pc.cast(values, pa.int32()), _EXCEL_EPOCH)
    elif kind == "moment":
        days = pc.divide(pc.cast(pc.cast(values, pa.int64()), pa.float64()), float(_DAY))
        begin, content = '<c s="4"><v>', pc.round(pc.add(days, float(_EXCEL_EPOCH)), 6)
    elif kind == "number":
        begin = '<c s="5"><v>'
    made = pc.binary_join_element_wise(begin, pc.cast(content, pa.string()), end, "")
    return pc.fill_null(made, "<c/>")


def _rows(part: pa.RecordBatch, shared: Shared) -> pa.Array:
    """The rows as XML, one text each."""
    cells = [_cells(row.kind, column, shared) for row, column in zip(FIELDS, part.columns, strict=True)]
    return pc.binary_join_element_wise("<row>", *cells, "</row>", "")


def as_xlsx(tables: Iterable[pa.Table], *, most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES) -> Iterator[bytes]:
    """A workbook of these tables; a sheet that holds `most_rows` (or `most_bytes` of XML) is followed by a next one."""
    drain, book = Drain(), _Book(most_rows, most_bytes)
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        try:
            book.begin(package)
            for table in tables:
                for part in table.to_batches(max_chunksize=PART):
                    rows = _rows(part, book.shared)
                    while len(rows):
                        rows = rows[book.put(package, rows) :]
                yield drain.take()
        finally:
            book.end()
        for name, text in book.rest():
            package.writestr(name, text)
    yield drain.take()


class _Book:
    """The sheets of a workbook: which is open, and how full it is."""

    def __init__(self, most_rows: int, most_bytes: int) -> None:
        self.most_rows, self.most_bytes = most_rows, most_bytes
        self.sheets = self.rows = self.bytes = 0
        self.shared = Shared()
        self.open: Any = None

    def begin(self, package: zipfile.ZipFile) -> None:
        """Opens the next sheet, with the headings."""
        self.end()
        self.sheets += 1
        self.rows, self.bytes = 1, 0
        self.open = package.open(f"xl/worksheets/sheet{self.sheets}.xml", "w")
        self.open.write(_BEGIN.encode())

    def put(self, package: zipfile.ZipFile, rows: pa.Array) -> int:
        """Writes as many of `rows` as still go on the sheet; a full one is ended and the next begun. Gives how many."""
        if self.rows >= self.most_rows or self.bytes >= self.most_bytes:
            self.begin(package)
        part = rows[: self.most_rows - self.rows]
        data = _joined(part)
        self.open.write(data)
        self.rows += len(part)
        self.bytes += len(data)
        return len(part)

    def end(self) -> None:
        """Closes the sheet that is open, with the filter buttons over its rows."""
        if self.open is not None:
            last = f"{_column_name(len(FIELDS) - 1)}{self.rows}"
            self.open.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
            self.open.close()
            self.open = None

    def rest(self) -> Iterator[tuple[str, str]]:
        """The other parts of the package, known when all sheets are: (name, text)."""
        numbers = range(1, self.sheets + 1)
        sheets = "".join(f'<sheet name="Meldingen {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        parts = "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="{kind}.{what}+xml"/>'
            for name, what in (
                ("workbook", "sheet.main"),
                ("styles", "styles"),
                ("sharedStrings", "sharedStrings"),
                *((f"worksheets/sheet{n}", "worksheet") for n in numbers),
            )  # fmt: skip
        )
        yield "xl/styles.xml", _STYLES
        yield "xl/sharedStrings.xml", self.shared.xml()
        yield (
            "xl/workbook.xml",
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        )
        yield (
            "xl/_rels/workbook.xml.rels",
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="rId{self.sheets + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId{self.sheets + 2}" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>",
        )
        yield (
            "_rels/.rels",
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        yield (
            "[Content_Types].xml",
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>',
        )


def _joined(rows: pa.Array) -> memoryview:
    """All texts of an array one after the other, without a copy: that is how it holds them."""
    offsets = memoryview(rows.buffers()[1]).cast("i")
    begin, end = offsets[rows.offset], offsets[rows.offset + len(rows)]
    return memoryview(rows.buffers()[2])[begin:end]
