"""`python -m meldloket.runtime` is the `meldloket` command, for child processes that must run this very interpreter."""

from .cli import main

main()
