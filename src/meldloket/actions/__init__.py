"""Step 4: actions, tasks, division and referral. Built by a later issue."""
