-- Who came, came back or left, one by one, with the day and the place of it: what customer_flows and the key figures count.
select
    moves.customer_id,
    moves.as_of_date,
    moves.move,
    moves.channel,
    moves.region,
    moves.store_id,
    moves.moved_on
from {{ ref('int_customer_moves') }} as moves
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and moves.moved_on < latest.as_of_date
