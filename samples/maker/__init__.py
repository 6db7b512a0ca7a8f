"""What make-samples.py is made of."""
