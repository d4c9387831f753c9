"""Proofs: what holds, what is zero, what follows. Sees a problem and candidates, never how they were found."""
