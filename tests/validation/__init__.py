"""Long validation against published results."""
