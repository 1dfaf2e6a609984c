"""The models that are fitted, by name: what fits them loads only where one is fitted."""

# In the order in which one may need what another has fitted.
FITTED = ("identity", "lifetime", "churn")
# What the passing of time wears out. Who is one person does not change by the week.
RETRAINED = ("lifetime", "churn")
