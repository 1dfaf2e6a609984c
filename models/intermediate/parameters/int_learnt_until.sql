-- The day until which is learnt what customers have in common: the last one of the last month that is over, so that what was learnt
-- stays as it is for a month. A shop's first month is seldom a whole one: until a second has ended, all is learnt of that there is.
select
    cast(
        case
            when count(*) filter (where extract(day from as_of_date) = 1) > 1
                then max(as_of_date) filter (where extract(day from as_of_date) = 1)
            else max(as_of_date)
        end - interval '1' day
        as date
    ) as learnt_until
from {{ ref('int_as_of_dates') }}
having count(*) > 0
