-- What came in lapses at the end of the month points_valid_months later (v; 0 is never), and what goes out is taken from the
-- oldest. By month s all that came in by s − v is gone, so that what has lapsed by this rule is the greatest so far of
--   points in by s − v − points out by s        (and 0; out are points burned, taken back, or booked as expired)
-- which needs no walk from month to month. What a system books as expired itself counts first; the rule finds what it left. Of a
-- month that is running nothing has lapsed yet: what will at its end is the first of what is told ahead.
{%- set valid = whole_number('points_valid_months', 0) %}
{%- set notice = [whole_number('points_notice_months', 0), valid] | min %}

with booked as (

    select
        months.*,
        earned_points + adjusted_points - burned_points - booked_expired_points as booked_points,
        earned_points + adjusted_points - burned_points - booked_expired_points - points_in as minus_points_out
    from {{ ref('int_member_months') }} as months

),

running as (

    select
        booked.*,
        sum(booked_points) over so_far as booked_so_far,
        sum(booked_expired_points) over so_far as booked_expired_so_far,
        sum(minus_points_out) over so_far as minus_out_so_far,
        max(case when is_active then calendar_month end) over so_far as last_active_month,
        {%- for due, months_ago in {'due_points': valid, 'soon_due_points': valid - notice}.items() %}
        {%- if valid %}
        case
            {%- for case, more in {'when is_complete then': 0, 'else': 1}.items() %}
            {{ case }} coalesce(
                sum(points_in) over (
                    partition by customer_id order by calendar_month nulls last
                    rows between unbounded preceding and {{ months_ago + more }} preceding
                ),
                0
            )
            {%- endfor %}
        end as {{ due }}{{ ',' if not loop.last }}
        {%- else %}
        cast(0 as decimal(18,2)) as {{ due }}{{ ',' if not loop.last }}
        {%- endif %}
        {%- endfor %}
    from booked
    window so_far as (
        partition by customer_id order by calendar_month nulls last rows between unbounded preceding and current row
    )

),

lapsed as (

    select
        running.*,
        greatest(0, max(due_points + minus_out_so_far) over so_far) as lapsed_so_far
    from running
    window so_far as (
        partition by customer_id order by calendar_month nulls last rows between unbounded preceding and current row
    )

),

closed as (

    select
        lapsed.*,
        booked_so_far - lapsed_so_far as closing_points,
        lapsed_so_far - coalesce(lag(lapsed_so_far) over (partition by customer_id order by calendar_month nulls last), 0)
            as lapsed_points
    from lapsed

)

select
    customer_id,
    calendar_month,
    {%- for points, expression in {
        'opening_points': 'coalesce(lag(closing_points) over (partition by customer_id order by calendar_month nulls last), 0)',
        'earned_points': 'earned_points',
        'adjusted_points': 'adjusted_points',
        'burned_points': 'burned_points',
        'expired_points': 'booked_expired_points + lapsed_points',
        'closing_points': 'closing_points',
        'expiring_points': 'greatest(soon_due_points + minus_out_so_far - lapsed_so_far, 0)',
        'due_points': 'due_points',
        'unused_points': 'greatest(least(lapsed_so_far + booked_expired_so_far, due_points), 0)',
    }.items() %}
    cast({{ expression }} as decimal(18,2)) as {{ points }},
    {%- endfor %}
    coalesce(
        last_active_month > cast(calendar_month - interval '{{ whole_number("loyalty_recent_months", 1) }}' month as date), false
    ) as is_active,
    is_complete
from closed
