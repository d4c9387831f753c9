"""Everything that people and programs read: answers as text, JSON and LaTeX, and mistakes drawn in their source."""
