-- What members spent where the programme counts it, in the month in which an order came or changed, so that a month that is
-- over stays what it was; of orders of before the member was one neither counts. What an order came to and what changed it stop
-- counting towards a tier together, when the order is too old; what changes it after that counts no more.
{%- set qualifying = whole_number('loyalty_qualifying_months', 0) %}
with members as (

    select customer_id, min(calendar_month) as joined_month
    from {{ ref('int_member_months') }}
    group by customer_id

),

changes as (

    select
        states.customer_id,
        states.transacted_on,
        case when ends.is_end then states.effective_to else states.effective_from end as changed_on,
        case when ends.is_end then -states.net_amount else states.net_amount end as amount
    from {{ ref('int_transactions') }} as states
    cross join (select false as is_end union all select true) as ends
    inner join {{ ref('int_orders') }} as orders on states.order_id = orders.order_id
    inner join members on states.customer_id = members.customer_id and states.transacted_on >= members.joined_month
    {%- if var('loyalty_channels') %}
    where orders.channel in ('{{ var("loyalty_channels") | join("', '") }}')
    {%- endif %}

),

counted as (

    select 'spend' as counted_as, 0 as months_later
    {%- if qualifying %}
    union all
    select 'aged', {{ qualifying }}
    union all
    select 'aging', {{ qualifying - 1 }}
    {%- endif %}

),

moved as (

    select
        changes.customer_id,
        counted.counted_as,
        greatest(
            cast(date_trunc('month', changes.changed_on) as date),
            cast(date_trunc('month', changes.transacted_on) + interval '1' month * counted.months_later as date)
        ) as calendar_month,
        changes.amount
    from changes
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest and changes.changed_on < latest.as_of_date
    cross join counted

)

select
    months.customer_id,
    months.calendar_month,
    {%- for amount in ['spend', 'aged', 'aging'] %}
    cast(coalesce(sum(moved.amount) filter (where moved.counted_as = '{{ amount }}'), 0) as decimal(18,2)) as {{ amount }}_amount{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('int_member_months') }} as months
left join moved on months.customer_id = moved.customer_id and months.calendar_month = moved.calendar_month
group by months.customer_id, months.calendar_month
