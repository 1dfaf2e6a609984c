-- The days of all that sales are counted in: the stretches of days, the weeks of two years, none of which begins before the first
-- order, and the single days of a year.
create or replace temp table sales_days as
with lengths as (

    select 'stretch' as kind, starts_on, ends_on
    from frames
    where is_known
    union
    select 'week', publication.as_of_date - 7 * (weeks_back + 1), publication.as_of_date - 7 * weeks_back
    from marts.publication as publication
    cross join (select cast(unnest(range(105)) as integer) as weeks_back) as weeks
    where 7 * (weeks_back + 1) <= publication.as_of_date - (select min(ordered_on) from marts.orders)
    union
    select 'day', publication.as_of_date - 1 - days_back, publication.as_of_date - days_back
    from marts.publication as publication
    cross join (select cast(unnest(range(371)) as integer) as days_back) as single

)

select
    kind,
    starts_on,
    ends_on,
    starts_on + cast(unnest(range(ends_on - starts_on)) as integer) as ordered_on
from lengths
