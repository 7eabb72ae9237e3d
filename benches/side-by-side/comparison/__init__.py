"""The measurements of run.py: one module for each subject."""
