-- How much of each trait that may meet a rule stood in a customer's window, from one day of analysis on which it changed to the next: a running
-- sum, as for the wholes.
with told as (

    select
        sums.customer_number, sums.item_number, sums.whole_number, sums.valid_from, sums.valid_to,
        sums.amount, sums.whole_amount
    from {{ ref('int_trait_sums') }} as sums
    inner join {{ ref('int_trait_candidates') }} as candidates
        on sums.customer_number = candidates.customer_number
        and sums.item_number = candidates.item_number

),

changed as (

    select customer_number, item_number, whole_number, valid_from, amount, whole_amount
    from told
    union all
    select customer_number, item_number, whole_number, valid_to, -amount, -whole_amount
    from told
    where valid_to is not null

),

running as (

    select
        customer_number,
        item_number,
        whole_number,
        valid_from,
        lead(valid_from) over by_day as valid_to,
        cast(sum(amount) over by_day as decimal(18,2)) as amount,
        sum(whole_amount) over by_day as whole_amount
    from changed
    window by_day as (partition by customer_number, item_number order by valid_from nulls last)

)

select
    customer_number,
    item_number,
    whole_number,
    valid_from,
    valid_to,
    amount
from running
where (valid_to > valid_from or valid_to is null)
    and (amount > 0 or whole_amount > 0)
