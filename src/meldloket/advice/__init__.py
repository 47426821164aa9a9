"""Step 3: advice of internal and external services. Built by a later issue."""
