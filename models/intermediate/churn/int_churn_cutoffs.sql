-- The days on which the risk of leaving is looked at: the latest one, for which customers are scored,
-- and earlier ones in steps, of which the outcome is known by now.
{{ cutoffs('churn_cutoffs', 'churn_horizon_days', 'churn_cutoff_step_days') }}
