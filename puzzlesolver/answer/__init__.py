"""What comes out: solutions, their evidence, and why anything was left open."""
