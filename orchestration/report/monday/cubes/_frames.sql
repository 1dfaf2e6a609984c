-- The stretches of days that the page looks at. What began before the first order is not known.
create or replace temp table frames as
select *, coalesce(starts_on >= (select min(ordered_on) from marts.orders), false) as is_known
from stretches
