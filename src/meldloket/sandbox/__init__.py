"""Doubles of the outside world, each speaking its real protocol on its own port. Imports nothing of the product."""
