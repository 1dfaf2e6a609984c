-- What a customer bought and was given back on a day, from the first day of analysis that knew of it so until the first
-- that knew better: an order that was refunded or cancelled later counts until then. What was known on no day of
-- analysis is left out, and what began and ended on the same days is added up.
with bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

known as (

    select
        transactions.customer_id,
        transactions.transacted_on,
        transactions.net_amount,
        case when transactions.is_purchase then 1 else 0 end as purchase_count,
        {{ first_as_of_after('transactions.transacted_on', 'bounds') }} as knowable_from,
        {{ first_as_of_after('transactions.effective_from', 'bounds') }} as valid_from,
        case
            when transactions.effective_to < bounds.latest_as_of then {{ first_as_of_after('transactions.effective_to', 'bounds') }}
        end as valid_to
    from {{ ref('int_transactions') }} as transactions
    inner join bounds on transactions.effective_from < bounds.latest_as_of

),

changed as (

    select
        known.customer_id,
        known.transacted_on,
        known.knowable_from,
        case when signs.sign = 1 then known.valid_from else known.valid_to end as valid_from,
        sum(signs.sign * known.net_amount) as net_amount,
        sum(signs.sign * known.purchase_count * known.net_amount) as purchase_amount,
        sum(signs.sign * known.purchase_count) as purchase_count
    from known
    inner join (select 1 as sign union all select -1 as sign) as signs on signs.sign = 1 or known.valid_to is not null
    where known.valid_from < known.valid_to
        or known.valid_to is null
    group by
        known.customer_id, known.transacted_on, known.knowable_from,
        case when signs.sign = 1 then known.valid_from else known.valid_to end

),

running as (

    select
        customer_id,
        transacted_on,
        valid_from > knowable_from as is_revised,
        valid_from,
        lead(valid_from) over by_day as valid_to,
        cast(sum(net_amount) over by_day as decimal(18,2)) as net_amount,
        cast(sum(purchase_amount) over by_day as decimal(18,2)) as purchase_amount,
        cast(sum(purchase_count) over by_day as bigint) as purchase_count
    from changed
    window by_day as (partition by customer_id, transacted_on order by valid_from nulls last)

)

select *
from running
where purchase_count > 0
    or net_amount <> 0
