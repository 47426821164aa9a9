"""What a municipality configures: categories, questions, departments, areas, holidays."""
