"""The core: report, case, lifecycle, events, assignment, conversation and terms (B1.7, B2.2, B2.4)."""
