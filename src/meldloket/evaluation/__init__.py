"""Step 8: what the citizen thought of it (B8.1-B8.5): forms, one invitation per report, answers, results."""
