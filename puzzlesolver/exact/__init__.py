"""The exact engine: algebra and arithmetic whose answers are proofs. It runs in a worker process."""
