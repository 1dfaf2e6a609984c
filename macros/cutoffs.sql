{#
  The days on which something is predicted: the latest day of analysis, and earlier ones in steps, the last of them a
  horizon ago, so that its outcome is known. Days with too little history before them are left out.

  Example: with cutoffs as ({{ cutoffs('churn_cutoffs', 'churn_horizon_days', 'churn_cutoff_step_days') }})
#}
{% macro cutoffs(number_of_earlier, horizon_days, step_days) -%}
select
    latest.as_of_date as cutoff_on,
    true as is_latest
from {{ ref('int_as_of_dates') }} as latest
where latest.is_latest
union all
select
    earlier.cutoff_on,
    false as is_latest
from (
    select cast(
        latest.as_of_date
        - interval '1' day * ({{ var(horizon_days) }} + {{ var(step_days) }} * (numbers.generated_number - 1))
        as date
    ) as cutoff_on
    from {{ ref('int_as_of_dates') }} as latest
    cross join (
        {{ dbt.generate_series(whole_number(number_of_earlier, 1)) }}
    ) as numbers
    where latest.is_latest
) as earlier
inner join (
    select min(business_on) as first_on
    from {{ ref('int_trading_days') }}
) as data_start
    on {{ days_between('data_start.first_on', 'earlier.cutoff_on') }} >= {{ var('churn_min_history_days') }}
{%- endmacro %}
