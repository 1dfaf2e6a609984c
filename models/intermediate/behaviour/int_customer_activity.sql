-- What each customer had done by each day of the history, from the day they became known. Counted are
-- purchases; money is of all that was transacted, what was given back included.
-- What was transacted on a day comes into a window and leaves it: these changes are few, and their running sum is what
-- stands in the window on each day of analysis.
{%- set window_days = whole_number('rfm_window_days', 0) %}
{%- set comes_after = "cast(days.transacted_on + interval '1' day * windows.from_age as date)" %}
{%- set goes_after = "cast(days.transacted_on + interval '1' day * windows.to_age as date)" %}

with bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

windows as (

    select 'rfm' as window_name, cast(0 as bigint) as from_age, cast({{ window_days or 'null' }} as bigint) as to_age
    union all
    select 'recent', 0, cast(trend_days as bigint)
    from {{ ref('int_lifecycle_rules') }}
    union all
    select 'earlier', cast(trend_days as bigint), cast(2 * trend_days as bigint)
    from {{ ref('int_lifecycle_rules') }}

),

aged as (

    select
        days.*,
        windows.window_name,
        greatest(days.valid_from, {{ first_as_of_after(comes_after, 'bounds') }}) as entered_on,
        case when {{ goes_after }} < bounds.latest_as_of then {{ first_as_of_after(goes_after, 'bounds') }} end as aged_on
    from {{ ref('int_transaction_days') }} as days
    cross join windows
    inner join bounds on {{ comes_after }} < bounds.latest_as_of

),

dated as (

    select
        aged.*,
        least(coalesce(valid_to, aged_on), coalesce(aged_on, valid_to)) as left_on
    from aged

),

-- What would leave before it enters goes on the day on which it comes, and so was never there.
changed as (

    select
        dated.customer_id,
        case when signs.sign = 1 then dated.entered_on else greatest(dated.entered_on, dated.left_on) end as as_of_date,
        cast(sum(case when window_name = 'rfm' then signs.sign * purchase_count end) as bigint) as window_purchase_count,
        cast(sum(case when window_name = 'rfm' and purchase_count > 0 then signs.sign end) as bigint) as window_purchase_day_count,
        cast(sum(case when window_name = 'rfm' then signs.sign * net_amount end) as decimal(18,2)) as window_amount,
        cast(sum(case when window_name = 'recent' then signs.sign * net_amount end) as decimal(18,2)) as recent_amount,
        cast(sum(case when window_name = 'earlier' then signs.sign * net_amount end) as decimal(18,2)) as earlier_amount
    from dated
    inner join (select 1 as sign union all select -1 as sign) as signs on signs.sign = 1 or dated.left_on is not null
    group by
        dated.customer_id,
        case when signs.sign = 1 then dated.entered_on else greatest(dated.entered_on, dated.left_on) end

)

select
    customers.customer_id,
    as_of_dates.as_of_date,
    as_of_dates.is_latest,
    customers.known_since,
    rhythm.last_purchase_on,
    {{ days_between(
        'coalesce(rhythm.last_purchase_on, customers.known_since)', 'as_of_dates.as_of_date'
    ) }} as days_since_last,
    coalesce(rhythm.purchase_count, 0) as purchase_count,
    coalesce(rhythm.gap_count + 1, 0) as purchase_day_count,
    {%- for count in ['window_purchase_count', 'window_purchase_day_count'] %}
    cast(coalesce(sum(changed.{{ count }}) over so_far, 0) as bigint) as {{ count }},
    {%- endfor %}
    {%- for amount in ['window_amount', 'recent_amount', 'earlier_amount'] %}
    cast(coalesce(sum(changed.{{ amount }}) over so_far, 0) as decimal(18,2)) as {{ amount }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('int_customer_known_since') }} as customers
inner join {{ ref('int_as_of_dates') }} as as_of_dates on customers.known_since < as_of_dates.as_of_date
left join changed
    on customers.customer_id = changed.customer_id
    and as_of_dates.as_of_date = changed.as_of_date
left join {{ ref('int_customer_rhythm') }} as rhythm
    on customers.customer_id = rhythm.customer_id
    and as_of_dates.as_of_date = rhythm.as_of_date
window so_far as (partition by customers.customer_id order by as_of_dates.as_of_date nulls last)
