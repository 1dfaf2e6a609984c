"""What marts on the way to a purchase say, told a second time in plain Python that shares no code
with the models: by other methods where there are any, slowly, and for tests only."""
