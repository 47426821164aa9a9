"""Step 8: evaluation by the citizen. Built by a later issue."""
