"""Double of addresses."""
