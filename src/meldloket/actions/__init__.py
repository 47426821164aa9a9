"""Step 4: actions, the tasks in which they are carried out, and referral to other software (B4.1-B4.5)."""
