-- What: of each stage and state, on each day of analysis, who was in it + who came − who left = who
-- is in it.
-- Why: a chart of moves that loses customers on the way shows moves that never were.
-- Returns the days, and the stages or states, for which it is not so.
with days as (

    select
        as_of_date,
        lead(as_of_date) over (order by as_of_date nulls last) as next_date
    from {{ ref('int_as_of_dates') }}

),

standings as (

    select as_of_date, 'stage' as kind, stage as code, count(*) as customer_count
    from {{ ref('customer_lifecycle') }}
    group by as_of_date, stage
    union all
    select as_of_date, 'state', state, count(*)
    from {{ ref('customer_lifecycle') }}
    group by as_of_date, state

),

entries as (

    select as_of_date, kind, code, -customer_count as balance
    from standings
    union all
    select days.next_date, standings.kind, standings.code, standings.customer_count
    from standings
    inner join days on standings.as_of_date = days.as_of_date
    where days.next_date is not null
    union all
    select as_of_date, kind, to_code, customer_count
    from {{ ref('lifecycle_transitions') }}
    where to_code is distinct from from_code
    union all
    select as_of_date, kind, from_code, -customer_count
    from {{ ref('lifecycle_transitions') }}
    where to_code is distinct from from_code
        and from_code is not null

)

select as_of_date, kind, code
from entries
group by as_of_date, kind, code
having sum(balance) <> 0
