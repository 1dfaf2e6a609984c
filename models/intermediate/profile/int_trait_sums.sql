-- What counts of a customer on the same days of analysis, added up by item: a day after the last one has one row of what a year has told.
select
    customer_number,
    item_number,
    whole_number,
    valid_from,
    valid_to,
    cast(sum(amount) as decimal(18,2)) as amount,
    cast(sum(whole_amount) as decimal(18,2)) as whole_amount
from {{ ref('int_trait_states') }}
group by customer_number, item_number, whole_number, valid_from, valid_to
