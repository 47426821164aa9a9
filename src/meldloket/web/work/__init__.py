"""Pages of tasks: list, board and calendar, the worker's page, and the answers of other systems."""
