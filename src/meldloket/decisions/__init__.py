"""Decisions of college and council (B5.1-B6.5): proposal, agenda, decision with its signatures."""
