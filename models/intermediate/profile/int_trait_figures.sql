-- How much each trait is a customer's on every day of analysis, beside everybody's, where that meets a rule:
--   index = (share of the customer's purchases) ÷ (share of everybody's)
-- Its interval is Wilson's of the customer's own share; of a mean, a factor of exp(z × c ÷ √n) by the spread c of everybody's purchases as a share
-- of their mean, since the spread of one customer's few says little (the delta method, as for stores). What everybody does is taken as
-- known. What meets no rule would be seven times as many rows, of which nobody asks.
{%- set deviations = var('interval_standard_deviations') %}

with asked as (

    select figure, min(least_evidence) as least_evidence
    from {{ ref('tag_rules') }}
    group by figure

),

-- Which days of analysis lie between two of them, so that millions of runs find theirs by an equality.
days as (

    select
        firsts.as_of_date as valid_from,
        ends.as_of_date as valid_to,
        days_within.as_of_date,
        days_within.next_as_of_date
    from {{ ref('int_as_of_dates') }} as firsts
    cross join (select as_of_date from {{ ref('int_as_of_dates') }} union all select cast(null as date)) as ends
    inner join (
        select as_of_date, lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
        from {{ ref('int_as_of_dates') }}
    ) as days_within
        on days_within.as_of_date >= firsts.as_of_date
        and (days_within.as_of_date < ends.as_of_date or ends.as_of_date is null)

),

-- While neither what the customer did with the item nor what they did at all changes.
held as (

    select
        runs.customer_number, runs.item_number, items.trait, items.item, runs.amount, wholes.whole_amount,
        greatest(runs.valid_from, wholes.valid_from) as valid_from,
        least(coalesce(runs.valid_to, wholes.valid_to), coalesce(wholes.valid_to, runs.valid_to)) as valid_to
    from {{ ref('int_trait_runs') }} as runs
    inner join {{ ref('int_trait_items') }} as items
        on runs.item_number = items.item_number
        and items.item is not null
    inner join asked on items.trait = asked.figure
    inner join {{ ref('int_trait_runs') }} as wholes
        on runs.customer_number = wholes.customer_number
        and runs.whole_number = wholes.item_number
        and wholes.whole_amount >= asked.least_evidence
        and (runs.valid_from < wholes.valid_to or wholes.valid_to is null)
        and (wholes.valid_from < runs.valid_to or runs.valid_to is null)

),

shares as (

    select
        held.customer_number, held.trait as figure, held.item, held.amount,
        days.as_of_date as valid_from, days.next_as_of_date as valid_to,
        cast(held.whole_amount as bigint) as evidence_count,
        cast(held.whole_amount as double) as evidence,
        cast(held.amount as double) / cast(held.whole_amount as double) as share,
        everybody.share as everybodys_share,
        least(10, {{ deviations }} * sqrt(greatest(everybody.squared_spread, 0) / cast(held.whole_amount as double))) as log_deviation
    from held
    inner join days on held.valid_from = days.valid_from and held.valid_to is not distinct from days.valid_to
    inner join {{ ref('int_everybody_traits') }} as everybody
        on held.item_number = everybody.item_number
        and days.as_of_date = everybody.as_of_date

),

figures as (

    select
        customer_number, figure, item, valid_from, valid_to, amount, evidence_count, share, everybodys_share,
        share / everybodys_share as index_value,
        {%- for bound, side in [('index_low', '-'), ('index_high', '+')] %}
        {%- set of_mean = "when item = 'mean' then share * exp(" ~ side ~ 'log_deviation)' %}
        {%- set of_share = wilson_bound('least(share, 1)', 'evidence', side) %}
        cast({{ round_half_up('least((case ' ~ of_mean ~ ' else ' ~ of_share ~ ' end) / everybodys_share, 100000000)', 9) }} as double)
            as {{ bound }}{{ ',' if not loop.last }}
        {%- endfor %}
    from shares

)

-- Who meets two rules with a figure has it once.
select distinct figures.*
from figures
inner join {{ ref('tag_rules') }} as rules on {{ meets_rule('figures', 'rules') }}
