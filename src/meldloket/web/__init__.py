"""Pages for citizens and the office: views, templates, design tokens."""
