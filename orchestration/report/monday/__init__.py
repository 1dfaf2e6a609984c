"""The page of a Monday, for whoever decides what to do this week; see `page.monday`."""
