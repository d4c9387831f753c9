"""The numeric engine: residuals in TensorFlow, multistart Nadam, and the polish. Nothing is proved here."""
