"""Dates and numbers in Belgian Dutch (look.md): maandag 23 november 2026, 14.05 uur; 1.234,5."""

DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = r"l j F Y \o\m H.i \u\u\r"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
TIME_FORMAT = r"H.i \u\u\r"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 1
