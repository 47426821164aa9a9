"""Pages on which advice is given: by whoever logs in, and by a partner with a personal link."""
