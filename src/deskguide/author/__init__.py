"""Work on the guidance itself: checking files, asking test descriptions, writing new ones."""
