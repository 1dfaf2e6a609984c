-- How much each trait is everybody's on every day of analysis: what stands in the windows of all customers together, and the spread of one
-- purchase as a share of its mean. States are few once nobody tells whose they are, so that each may be asked of each day.
with standing as (

    select
        days.as_of_date, counted.item_number, counted.whole_number,
        sum(counted.amount) as amount,
        sum(sum(counted.whole_amount)) over (partition by days.as_of_date, counted.whole_number) as whole_amount,
        sum(counted.squares) as squares
    from (
        select
            item_number, whole_number, valid_from, valid_to,
            sum(amount) as amount, sum(whole_amount) as whole_amount,
            sum(case when item = 'mean' then amount * amount else 0 end) as squares
        from {{ ref('int_trait_states') }}
        group by item_number, whole_number, valid_from, valid_to
    ) as counted
    inner join {{ ref('int_as_of_dates') }} as days
        on counted.valid_from <= days.as_of_date
        and (counted.valid_to > days.as_of_date or counted.valid_to is null)
    group by days.as_of_date, counted.item_number, counted.whole_number

)

select
    as_of_date,
    item_number,
    cast(amount as decimal(18,2)) as amount,
    cast(whole_amount as decimal(18,2)) as whole_amount,
    nullif(cast(amount as double) / nullif(cast(whole_amount as double), 0), 0) as share,
    cast(squares as double) * cast(whole_amount as double) / nullif(cast(amount as double) * cast(amount as double), 0) - 1
        as squared_spread
from standing
where item_number <> whole_number
