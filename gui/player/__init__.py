"""One video on screen: pictures, sound and the child's box under one cursor."""
