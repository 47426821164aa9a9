"""Accounts, roles, permissions and protected personal data."""
