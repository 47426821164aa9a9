"""Pages about decisions: the handler's proposal and the secretariat's overview."""
