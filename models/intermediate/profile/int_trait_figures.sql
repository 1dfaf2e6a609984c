-- How much each trait is a customer's on every day of analysis, beside everybody's:
--   index = (share of the customer's purchases) ÷ (share of everybody's)
-- Its interval is Wilson's of the customer's own share; everybody's is taken as known. Means have an index and no interval. Rows are there
-- where there is as much evidence as the rule asks that asks least: most customers buy too little for that, and are left out before
-- their days are looked at one by one. Which sources told it is kept as a sum of powers of two until it is known which sums there are.
{%- set stands = 'runs.valid_from <= days.as_of_date and (runs.valid_to > days.as_of_date or runs.valid_to is null)' %}

with asked as (

    select figure, min(least_evidence) as least_evidence
    from {{ ref('tag_rules') }}
    group by figure

),

days as (

    select as_of_date, lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from {{ ref('int_as_of_dates') }}

),

sources as (

    select source_system, cast(power(2, row_number() over (order by source_system nulls last) - 1) as bigint) as source_bit
    from (select distinct source_system from {{ ref('int_trait_runs') }}) as systems

),

everybody as (

    select
        runs.trait, runs.item, days.as_of_date,
        sum(runs.amount) as amount,
        sum(sum(runs.whole_amount)) over (partition by days.as_of_date, runs.trait) as whole_amount
    from (
        select trait, item, valid_from, valid_to, sum(amount) as amount, sum(whole_amount) as whole_amount
        from {{ ref('int_trait_runs') }}
        group by trait, item, valid_from, valid_to
    ) as runs
    inner join days on {{ stands }}
    group by runs.trait, runs.item, days.as_of_date

),

wholes as (

    select
        runs.customer_id, runs.trait, days.as_of_date, days.next_as_of_date,
        sum(runs.whole_amount) as whole_amount,
        bit_or(sources.source_bit) as source_bits
    from {{ ref('int_trait_runs') }} as runs
    inner join asked on runs.trait = asked.figure
    inner join sources on runs.source_system = sources.source_system
    inner join days on {{ stands }}
    where runs.whole_amount > 0
    group by runs.customer_id, runs.trait, days.as_of_date, days.next_as_of_date
    having sum(runs.whole_amount) >= max(asked.least_evidence)

),

told as (

    select masks.source_bits, {{ join_array('sources.source_system', ', ') }} as source_systems
    from (select distinct source_bits from wholes) as masks
    inner join sources on (masks.source_bits & sources.source_bit) <> 0
    group by masks.source_bits

),

counted as (

    select
        runs.customer_id, runs.trait, runs.item, days.as_of_date, days.next_as_of_date, days.whole_amount, days.source_bits,
        sum(runs.amount) as amount
    from wholes as days
    inner join {{ ref('int_trait_runs') }} as runs
        on days.customer_id = runs.customer_id
        and days.trait = runs.trait
        and {{ stands }}
    where runs.item is not null
    group by runs.customer_id, runs.trait, runs.item, days.as_of_date, days.next_as_of_date, days.whole_amount, days.source_bits

),

shares as (

    select
        counted.*,
        cast(counted.amount as double) / nullif(cast(counted.whole_amount as double), 0) as share,
        nullif(cast(everybody.amount as double) / nullif(cast(everybody.whole_amount as double), 0), 0) as everybodys_share
    from counted
    inner join everybody
        on counted.trait = everybody.trait
        and counted.item = everybody.item
        and counted.as_of_date = everybody.as_of_date

)

select
    shares.customer_id,
    shares.trait as figure,
    shares.item,
    shares.as_of_date as valid_from,
    shares.next_as_of_date as valid_to,
    cast(shares.amount as decimal(18,2)) as amount,
    shares.share,
    shares.everybodys_share,
    shares.share / shares.everybodys_share as index_value,
    {%- for bound, side in [('index_low', '-'), ('index_high', '+')] %}
    case when shares.item <> 'mean' then
        {{ wilson_bound('least(shares.share, 1)', 'cast(shares.whole_amount as double)', side) }} / shares.everybodys_share end as {{ bound }},
    {%- endfor %}
    cast(shares.whole_amount as bigint) as evidence_count,
    told.source_systems
from shares
inner join told on shares.source_bits = told.source_bits
