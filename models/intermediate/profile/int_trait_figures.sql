-- How much each trait is a customer's on every day of analysis, beside everybody's, where that meets a rule:
--   index = (share of the customer's purchases) ÷ (share of everybody's)
-- Its interval is Wilson's of the customer's own share; of a mean, a factor of exp(z × c ÷ √n) by the spread c of everybody's purchases as a share
-- of their mean, since the spread of one customer's few says little (the delta method, as for stores). What everybody does is taken as
-- known. What meets no rule would be seven times as many rows, of which nobody asks.
{%- set stand = 'runs.valid_from <= days.as_of_date and (runs.valid_to > days.as_of_date or runs.valid_to is null)' %}
{%- set deviations = var('interval_standard_deviations') %}

with asked as (

    select figure, min(least_evidence) as least_evidence
    from {{ ref('tag_rules') }}
    group by figure

),

days as (

    select as_of_date, lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from {{ ref('int_as_of_dates') }}

),

wholes as (

    select runs.customer_id, runs.trait, days.as_of_date, runs.whole_amount
    from {{ ref('int_trait_runs') }} as runs
    inner join asked on runs.trait = asked.figure and runs.whole_amount >= asked.least_evidence
    inner join days on {{ stand }}
    where runs.item is null

),

everybody as (

    select
        runs.trait, runs.item, days.as_of_date,
        nullif(cast(runs.amount as double) / nullif(cast(wholes.whole_amount as double), 0), 0) as share,
        cast(runs.squares as double) * cast(wholes.whole_amount as double)
            / nullif(cast(runs.amount as double) * cast(runs.amount as double), 0) - 1 as squared_spread
    from {{ ref('int_trait_runs') }} as runs
    inner join days on {{ stand }}
    inner join wholes
        on runs.trait = wholes.trait
        and days.as_of_date = wholes.as_of_date
        and wholes.customer_id is null
    where runs.customer_id is null
        and runs.item is not null

),

shares as (

    select
        runs.customer_id, runs.trait as figure, runs.item, runs.amount,
        days.as_of_date as valid_from, days.next_as_of_date as valid_to,
        cast(wholes.whole_amount as bigint) as evidence_count,
        cast(wholes.whole_amount as double) as evidence,
        cast(runs.amount as double) / cast(wholes.whole_amount as double) as share,
        everybody.share as everybodys_share,
        least(10, {{ deviations }} * sqrt(greatest(everybody.squared_spread, 0) / cast(wholes.whole_amount as double))) as log_deviation
    from {{ ref('int_trait_runs') }} as runs
    inner join days on {{ stand }}
    inner join wholes
        on runs.customer_id = wholes.customer_id
        and runs.trait = wholes.trait
        and days.as_of_date = wholes.as_of_date
    inner join everybody
        on runs.trait = everybody.trait
        and runs.item = everybody.item
        and days.as_of_date = everybody.as_of_date

),

figures as (

    select
        customer_id, figure, item, valid_from, valid_to, amount, evidence_count, share, everybodys_share,
        share / everybodys_share as index_value,
        {%- for bound, side in [('index_low', '-'), ('index_high', '+')] %}
        {%- set of_mean = "when item = 'mean' then share * exp(" ~ side ~ 'log_deviation)' %}
        {%- set of_share = wilson_bound('least(share, 1)', 'evidence', side) %}
        cast({{ round_half_up('least((case ' ~ of_mean ~ ' else ' ~ of_share ~ ' end) / everybodys_share, 100000000)', 9) }} as double)
            as {{ bound }}{{ ',' if not loop.last }}
        {%- endfor %}
    from shares

)

select figures.*
from figures
where exists (
    select 1 from {{ ref('tag_rules') }} as rules
    where {{ meets_rule('figures', 'rules') }}
)
