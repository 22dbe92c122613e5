"""The inspection brief, the trip's pack and the slides of a meeting, as files."""
