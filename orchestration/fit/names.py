"""The models that are fitted, by name: what fits them loads only where one is fitted."""

# In the order in which one may need what another has fitted.
FITTED = (
    "identity",
    "lifetime",
    "churn",
    "markov",
    "recommendations",
    "demand",
    "stocking",
    "propensity",
    "prices",
    "clusters",
)
# What the passing of time wears out. Who is one person does not change by the week.
RETRAINED = FITTED[1:]
# The model by whose versions one knows of a fit, where that has another name; stocking has none.
VERSIONED = {"lifetime": "gamma_gamma", "stocking": None}

# Of fewer rows than this, or than this variable says, a model is not fitted, nor is what fits it
# loaded to say so: a thousand accounts, customers who came back, purchases of two hundred
# buyers, two channels with a way to each and from each, two hundred customers who may be
# recommended something, a quarter before five trials of eight weeks each, a month apart, a shelf
# that is counted, purchases of a hundred who come for a category, a year of one product's
# weeks, and two hundred customers with habits. What fits looks more closely.
LEAST_ROWS = {
    "identity": ("int_account_features", "true", 1_000),
    "lifetime": ("int_latest_ltv_statistics", "repeat_days > 0", "ltv_min_repeaters"),
    "churn": ("int_transactions", "is_purchase", 200),
    "markov": ("int_channel_transitions", "true", 4),
    "recommendations": ("int_personalised_customers", "cluster > 0", 200),
    "demand": ("int_week_factors", "not is_ahead", 41),
    "stocking": ("int_stock_positions", "true", 1),
    "propensity": ("int_transactions", "is_purchase", 100),
    "prices": ("int_price_weeks", "true", 52),
    "clusters": ("int_cluster_features", "true", 200),
}
