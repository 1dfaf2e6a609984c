-- Everybody who ever ordered, by a number, since of numbers it is counted in half the time how many are distinct, and the segment
-- of the latest day, so that the same people are followed over time.
create or replace temp table buyers as
select
    cast(row_number() over (order by ordered.customer_id) as integer) as buyer,
    ordered.customer_id,
    coalesce(rfm.segment_code, 'none') as segment
from (select distinct customer_id from marts.orders where customer_id is not null) as ordered
left join marts.customer_rfm as rfm on ordered.customer_id = rfm.customer_id and rfm.is_latest
