"""What everybody may know of the cases, and nothing of one person (docs/adr/0011-open-data-snapshot.md)."""
