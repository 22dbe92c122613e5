"""Chores behind the Makefile."""
