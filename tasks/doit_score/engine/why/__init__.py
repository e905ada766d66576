"""What a thing is made of, and for what reasons it is made again."""
