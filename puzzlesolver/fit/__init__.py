"""Fits of formulas to data: their rows and weights, and how well they fit."""
