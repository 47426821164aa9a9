"""Step 1: first screening on admissibility and content, and routing to a likely handler (B1.5-B1.6)."""
