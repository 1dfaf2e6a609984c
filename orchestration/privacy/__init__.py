"""What is personal in the data folder, and who may read it: the inventory, and modes of files."""
