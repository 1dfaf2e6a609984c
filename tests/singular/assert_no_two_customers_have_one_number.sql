-- What: every customer has a number of their own.
-- Why: baskets, habits and tags are counted by it, and two people of one number would be one. It is 60 bits of a hash of the id, of
-- which that is to be expected once in twenty thousand warehouses of ten million customers.
-- Returns the customers of a number that repeats. Add a letter to what macro number_of hashes: all numbers are then other ones.
select
    customer_id,
    customer_number
from {{ ref('int_customers') }}
where customer_number in (
    select customer_number
    from {{ ref('int_customers') }}
    group by customer_number
    having count(*) > 1
)
