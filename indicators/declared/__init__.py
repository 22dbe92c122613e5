"""The declarations of all indicators, by what they are about."""
