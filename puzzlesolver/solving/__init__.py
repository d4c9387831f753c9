"""The order of the steps: both engines in their processes, the deadline, the comparison, the answer."""
