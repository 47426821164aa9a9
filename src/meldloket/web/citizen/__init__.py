"""Pages: citizen."""
