"""Machine interfaces: health, metrics and, in later issues, Open311 and partners."""
