"""Pages of the evaluation: filled in by citizens, processed and built in the office (B8.1-B8.5)."""
