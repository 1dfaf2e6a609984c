-- Of the windows the one that is chosen, for all who ask for no more: the rates of others change every day, this seldom.
select threshold_days
from {{ ref('int_inactivity_thresholds') }}
where chosen_by is not null
