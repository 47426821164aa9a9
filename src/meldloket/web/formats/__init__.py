"""Belgian notation."""
