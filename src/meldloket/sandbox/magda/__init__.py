"""Double of magda."""
