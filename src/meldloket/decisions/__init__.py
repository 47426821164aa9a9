"""Steps 5 and 6: decisions of college and council. Built by a later issue."""
