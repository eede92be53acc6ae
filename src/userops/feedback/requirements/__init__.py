"""What users ask for: who asked, how far it is, and that each of them is told, once, when it has shipped."""
