-- What every member did in each month since they became one. Points have the sign of what they do to the balance: a system that
-- writes redemptions above zero and one that writes them below are read alike, by the sum of all it wrote, and what is booked
-- the other way round is taken back. What was booked before the first month of the shop is of that month.
with months as (

    select
        calendar_month,
        days_since_month >= 0 as is_complete,
        min(calendar_month) over () as first_month,
        (select max(as_of_date) from {{ ref('int_as_of_dates') }} where is_latest) as as_of_date
    from {{ ref('int_months') }}

),

entries as (

    select
        account_customers.customer_id,
        ledger.source_system,
        greatest(cast(date_trunc('month', ledger.booked_on) as date), bounds.first_month) as calendar_month,
        ledger.entry_type,
        ledger.points
    from {{ accepted('loyalty_ledger') }} as ledger
    inner join {{ ref('int_account_customers') }} as account_customers on ledger.account_id = account_customers.account_id
    inner join months as bounds on bounds.calendar_month = bounds.first_month and ledger.booked_on < bounds.as_of_date

),

directions as (

    select source_system, entry_type, case when sum(points) > 0 then 1 else -1 end as direction
    from entries
    where entry_type in ('redeem', 'expire')
    group by source_system, entry_type

),

booked as (

    select
        entries.customer_id,
        entries.calendar_month,
        sum(points) filter (where entries.entry_type = 'earn') as earned_points,
        sum(points * direction) filter (where entries.entry_type = 'redeem') as burned_points,
        sum(points * direction) filter (where entries.entry_type = 'expire') as booked_expired_points,
        sum(points) filter (where entries.entry_type = 'adjust') as adjusted_points,
        sum(points) filter (where points > 0 and entries.entry_type in ('earn', 'adjust')) as points_in,
        count(*) filter (where entries.entry_type in ('earn', 'redeem')) > 0 as is_active
    from entries
    left join directions on entries.source_system = directions.source_system and entries.entry_type = directions.entry_type
    group by entries.customer_id, entries.calendar_month

),

members as (

    select customer_id, min(calendar_month) as joined_month
    from (select customer_id, calendar_month from booked union all select customer_id, calendar_month from {{ ref('int_member_tiers') }}) as known
    group by customer_id

)

select
    members.customer_id,
    months.calendar_month,
    coalesce(tiers.membership_tier, 'none') as membership_tier,
    {%- for points in ['earned_points', 'burned_points', 'booked_expired_points', 'adjusted_points', 'points_in'] %}
    cast(coalesce(booked.{{ points }}, 0) as decimal(18,2)) as {{ points }},
    {%- endfor %}
    coalesce(booked.is_active, false) as is_active,
    months.is_complete
from members
inner join months on members.joined_month <= months.calendar_month
left join booked on members.customer_id = booked.customer_id and months.calendar_month = booked.calendar_month
left join {{ ref('int_member_tiers') }} as tiers on members.customer_id = tiers.customer_id and months.calendar_month = tiers.calendar_month
