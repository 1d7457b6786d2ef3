"""What users take out."""
