"""Step 3: advice of internal and external services, asked, given and worked in inside the case (B2.5-B3.5)."""
