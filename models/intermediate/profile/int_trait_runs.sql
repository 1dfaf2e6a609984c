-- How much of each trait that may meet a rule stood in a customer's window, and of its whole, from one day of analysis on which it changed to
-- the next. A purchase comes into the window and leaves it: summed up by customer and item these changes are few, and their running sum is
-- what stands on each day, without asking of each purchase on each day.
with told as (

    select
        states.customer_number, states.item_number, states.whole_number, states.valid_from, states.valid_to,
        states.amount, states.whole_amount
    from {{ ref('int_trait_states') }} as states
    inner join {{ ref('int_trait_candidates') }} as candidates
        on states.customer_number = candidates.customer_number
        and states.item_number = candidates.item_number
    union all
    select
        states.customer_number, states.whole_number, states.whole_number, states.valid_from, states.valid_to,
        states.amount, states.whole_amount
    from {{ ref('int_trait_states') }} as states
    inner join (
        select distinct customer_number, whole_number
        from {{ ref('int_trait_candidates') }}
    ) as candidates
        on states.customer_number = candidates.customer_number
        and states.whole_number = candidates.whole_number
    where states.whole_amount > 0

),

changed as (

    select
        told.customer_number,
        told.item_number,
        told.whole_number,
        case when signs.sign = 1 then told.valid_from else told.valid_to end as valid_from,
        cast(sum(signs.sign * told.amount) as decimal(18,2)) as amount,
        cast(sum(signs.sign * told.whole_amount) as decimal(18,2)) as whole_amount
    from told
    inner join (select 1 as sign union all select -1 as sign) as signs on signs.sign = 1 or told.valid_to is not null
    group by
        told.customer_number, told.item_number, told.whole_number,
        case when signs.sign = 1 then told.valid_from else told.valid_to end

),

running as (

    select
        customer_number,
        item_number,
        whole_number,
        valid_from,
        lead(valid_from) over by_day as valid_to,
        cast(sum(amount) over by_day as decimal(18,2)) as amount,
        cast(sum(whole_amount) over by_day as decimal(18,2)) as whole_amount
    from changed
    window by_day as (partition by customer_number, item_number order by valid_from nulls last)

)

select *
from running
where amount > 0
    or whole_amount > 0
