"""What a writer probably meant where the grammar stops, and what to write instead."""
