-- What: tickets and answers add up to those that were delivered before the day of analysis, points of each kind to the
-- ledger's, and who closes a month in a tier opens the next one in it.
-- Why: a join that drops or doubles rows shows in no share and in no median.
-- Returns what does not add up, and by how much.
with latest as (

    select as_of_date from {{ ref('int_as_of_dates') }} where is_latest

),

delivered as (

    select
        count(*) filter (where interaction_type = 'ticket') as tickets,
        count(*) filter (where interaction_type = 'csat' and score between 1 and 5) as csat_answers,
        count(*) filter (where interaction_type = 'nps' and score between 0 and 10) as nps_answers
    from {{ accepted('interactions') }} as interactions
    inner join latest on interactions.occurred_on < latest.as_of_date

),

counted as (

    select coalesce(sum(ticket_count), 0) as tickets
    from {{ ref('service_quality') }}
    where reason = 'all' and channel = 'all' and store_id = 'all'

),

answered as (

    select coalesce(sum(csat_count), 0) as csat_answers, coalesce(sum(nps_count), 0) as nps_answers
    from {{ ref('satisfaction') }}
    where segment_code = 'all' and touchpoint = 'all'

),

moved as (

    select
        membership_tier,
        closing_count,
        lead(opening_count) over (partition by membership_tier order by calendar_month nulls last) as next_opening_count
    from {{ ref('loyalty_programme') }}

),

points as (

    {%- for entry_type, told in {'earn': 'earned', 'adjust': 'adjusted', 'redeem': 'burned'}.items() %}
    select '{{ entry_type }}' as entry_type, coalesce(sum({{ told }}_points), 0) as points
    from {{ ref('loyalty_programme') }}
    where membership_tier = 'all'
    union all
    {%- endfor %}
    select 'expire', coalesce(sum(booked_expired_points), 0)
    from {{ ref('int_member_months') }}

),

ledger_sums as (

    select
        ledger.source_system,
        ledger.entry_type,
        sum(ledger.points) as points
    from {{ accepted('loyalty_ledger') }} as ledger
    inner join {{ ref('int_account_customers') }} as accounts on ledger.account_id = accounts.account_id
    inner join latest on ledger.booked_on < latest.as_of_date
    group by ledger.source_system, ledger.entry_type

),

ledgers as (

    select
        entry_type,
        sum(case when entry_type in ('redeem', 'expire') then abs(points) else points end) as points
    from ledger_sums
    group by entry_type

),

differences as (

    select 'tickets' as what, counted.tickets - delivered.tickets as difference
    from counted
    cross join delivered
    union all
    select 'csat', answered.csat_answers - delivered.csat_answers
    from answered
    cross join delivered
    union all
    select 'nps', answered.nps_answers - delivered.nps_answers
    from answered
    cross join delivered
    union all
    select 'points: ' || points.entry_type, points.points - coalesce(ledgers.points, 0)
    from points
    left join ledgers on points.entry_type = ledgers.entry_type
    union all
    select 'tier ' || membership_tier, next_opening_count - closing_count
    from moved
    where next_opening_count is not null

)

select what, difference
from differences
where difference <> 0
