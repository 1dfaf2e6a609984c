-- What customers did at all of which a trait is told, such as the purchases of which the channel is known, from one day of analysis on which that
-- changed to the next, while it is enough for some rule of the trait. A purchase comes into the window and leaves it: the running sum of
-- these changes is what stands on each day, without asking of each purchase on each day.
with asked as (

    select told_whole_number as whole_number, min(least_evidence) as least_evidence
    from {{ ref('int_tag_ways') }}
    where item_number is not null
    group by told_whole_number

),

told as (

    select sums.customer_number, sums.whole_number, asked.least_evidence, sums.valid_from, sums.valid_to, sum(sums.whole_amount) as whole_amount
    from {{ ref('int_trait_sums') }} as sums
    inner join asked on sums.whole_number = asked.whole_number
    where sums.whole_amount > 0
    group by sums.customer_number, sums.whole_number, asked.least_evidence, sums.valid_from, sums.valid_to

),

changed as (

    select customer_number, whole_number, least_evidence, valid_from, whole_amount
    from told
    union all
    select customer_number, whole_number, least_evidence, valid_to, -whole_amount
    from told
    where valid_to is not null

),

-- A running sum takes in all that changes on its day, whichever row of the day it stands in: the last of them lasts until the next day.
running as (

    select
        customer_number,
        whole_number,
        least_evidence,
        valid_from,
        lead(valid_from) over by_day as valid_to,
        cast(sum(whole_amount) over by_day as decimal(18,2)) as whole_amount
    from changed
    window by_day as (partition by customer_number, whole_number order by valid_from nulls last)

)

select
    customer_number,
    whole_number,
    valid_from,
    valid_to,
    whole_amount
from running
where (valid_to > valid_from or valid_to is null)
    and whole_amount > 0
    and whole_amount >= least_evidence
