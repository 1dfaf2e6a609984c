"""What is personal in the data folder, and what is done about it: the inventory of personal columns,
and files that nobody else may read."""
