-- How much each trait is a customer's on every day of analysis, beside everybody's:
--   index = (share of the customer's purchases) ÷ (share of everybody's)
-- Its interval is Wilson's of the customer's own share; everybody's is taken as known. Means have an index and no interval. Rows are there
-- where there is as much evidence as the rule asks that asks least.
with asked as (

    select figure, min(least_evidence) as least_evidence
    from {{ ref('tag_rules') }}
    group by figure

),

days as (

    select
        as_of_date,
        lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from {{ ref('int_as_of_dates') }}

),

standing as (

    select
        runs.customer_id,
        runs.trait,
        runs.item,
        runs.source_system,
        runs.amount,
        runs.whole_amount,
        days.as_of_date,
        days.next_as_of_date
    from {{ ref('int_trait_runs') }} as runs
    inner join days
        on runs.valid_from <= days.as_of_date
        and (runs.valid_to > days.as_of_date or runs.valid_to is null)

),

counted as (

    select
        customer_id,
        trait,
        item,
        as_of_date,
        next_as_of_date,
        sum(amount) as amount,
        sum(sum(amount)) over (partition by as_of_date, trait, item) as everybodys_amount
    from standing
    where item is not null
    group by customer_id, trait, item, as_of_date, next_as_of_date

),

wholes as (

    select
        customer_id,
        trait,
        as_of_date,
        {{ join_array('source_system', ', ') }} as source_systems,
        sum(whole_amount) as whole_amount,
        sum(sum(whole_amount)) over (partition by as_of_date, trait) as everybodys_amount
    from standing
    group by customer_id, trait, as_of_date

),

shares as (

    select
        counted.customer_id,
        counted.trait,
        counted.item,
        counted.as_of_date,
        counted.next_as_of_date,
        counted.amount,
        wholes.whole_amount,
        wholes.source_systems,
        cast(counted.amount as double) / nullif(cast(wholes.whole_amount as double), 0) as share,
        nullif(cast(counted.everybodys_amount as double) / nullif(cast(wholes.everybodys_amount as double), 0), 0) as everybodys_share
    from counted
    inner join wholes
        on counted.customer_id = wholes.customer_id
        and counted.trait = wholes.trait
        and counted.as_of_date = wholes.as_of_date
    inner join asked
        on counted.trait = asked.figure
        and wholes.whole_amount >= asked.least_evidence
    where wholes.whole_amount > 0

)

select
    customer_id,
    trait as figure,
    item,
    as_of_date as valid_from,
    next_as_of_date as valid_to,
    cast(amount as decimal(18,2)) as amount,
    share,
    everybodys_share,
    share / everybodys_share as index_value,
    {%- for bound, side in [('index_low', '-'), ('index_high', '+')] %}
    case when item <> 'mean'
        then {{ wilson_bound('least(share, 1)', 'cast(whole_amount as double)', side) }} / everybodys_share end as {{ bound }},
    {%- endfor %}
    cast(whole_amount as bigint) as evidence_count,
    source_systems
from shares
