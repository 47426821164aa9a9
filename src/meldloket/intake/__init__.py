"""Step 1: the citizen's form, drafts, attachments, desk and phone intake (B1.1-B1.4)."""
