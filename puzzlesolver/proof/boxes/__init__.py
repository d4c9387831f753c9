"""Proofs over boxes: roots certified, and every box searched."""
