-- The days on which the risk of leaving is looked at: the latest one, for which customers are scored,
-- and earlier ones in steps, of which the outcome is known by now.
with numbers as (

    {{ dbt.generate_series(whole_number('churn_cutoffs', 1)) }}

),

data_start as (

    select min(business_on) as first_on
    from {{ ref('int_trading_days') }}

),

latest as (

    select as_of_date as cutoff_on
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

earlier as (

    select cast(
        latest.cutoff_on
        - interval '1' day * (
            {{ var('churn_horizon_days') }}
            + {{ var('churn_cutoff_step_days') }} * (numbers.generated_number - 1)
        )
        as date
    ) as cutoff_on
    from latest
    cross join numbers

)

select
    cutoff_on,
    true as is_latest
from latest
union all
select
    earlier.cutoff_on,
    false as is_latest
from earlier
inner join data_start
    on {{ days_between('data_start.first_on', 'earlier.cutoff_on') }} >= {{ var('churn_min_history_days') }}
