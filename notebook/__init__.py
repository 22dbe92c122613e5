"""What people write: trips, notes, promises, difficulties, decks; apart from the snapshots, and kept when those go."""
