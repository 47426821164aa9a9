"""Double of dosis."""
