"""What is measured: three messages under one contract."""
