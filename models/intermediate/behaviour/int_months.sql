-- The months that monthly figures have a row for, also where nothing happened in them, and for how many days each has been
-- over: each day of analysis but the latest is the first of a month, and looks back on a month of its own.
with latest as (

    select as_of_date
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

months as (

    select {{ month_looked_back_on('as_of_date') }} as calendar_month
    from {{ ref('int_as_of_dates') }}

)

select
    months.calendar_month,
    {{ days_between("cast(months.calendar_month + interval '1' month as date)", 'latest.as_of_date') }}
        as days_since_month
from months
cross join latest
