-- How much each trait is a customer's on every day of analysis, beside everybody's, where that meets a rule:
--   index = (share of the customer's purchases) ÷ (share of everybody's)
-- Its interval is Wilson's of the customer's own share; of a mean, a factor of exp(z × c ÷ √n) by the spread c of everybody's purchases as a share
-- of their mean, since the spread of one customer's few says little (the delta method, as for stores). What everybody does is taken as
-- known. What meets no rule would be seven times as many rows, of which nobody asks.
{%- set deviations = var('interval_standard_deviations') %}

with asked as (

    select
        item_number, item, min(least_evidence) as least_evidence, min(coalesce(least_amount, 0)) as least_amount
    from {{ ref('int_tag_ways') }}
    where item_number is not null
    group by item_number, item

),

-- Which days of analysis lie between two of them, so that millions of runs find theirs by an equality.
days as (

    select
        firsts.as_of_date as valid_from,
        ends.as_of_date as valid_to,
        days_within.as_of_date
    from {{ ref('int_as_of_dates') }} as firsts
    cross join (select as_of_date from {{ ref('int_as_of_dates') }} union all select cast(null as date)) as ends
    inner join {{ ref('int_as_of_dates') }} as days_within
        on days_within.as_of_date >= firsts.as_of_date
        and (days_within.as_of_date < ends.as_of_date or ends.as_of_date is null)

),

-- While neither what the customer did with the item nor what they did at all changes.
held as (

    select
        items.customer_number, items.item_number, asked.item, items.amount,
        cast(wholes.whole_amount as bigint) as evidence_count,
        cast(wholes.whole_amount as double) as evidence,
        cast(items.amount as double) / cast(wholes.whole_amount as double) as share,
        greatest(items.valid_from, wholes.valid_from) as valid_from,
        least(coalesce(items.valid_to, wholes.valid_to), coalesce(wholes.valid_to, items.valid_to)) as valid_to
    from {{ ref('int_trait_runs') }} as items
    inner join asked
        on items.item_number = asked.item_number
        and items.amount >= asked.least_amount
    inner join {{ ref('int_trait_wholes') }} as wholes
        on items.customer_number = wholes.customer_number
        and items.whole_number = wholes.whole_number
        and wholes.whole_amount >= asked.least_evidence
        and (items.valid_from < wholes.valid_to or wholes.valid_to is null)
        and (wholes.valid_from < items.valid_to or items.valid_to is null)

),

bounded as (

    select
        held.*,
        {{ wilson_bound('least(held.share, 1)', 'held.evidence', '-') }} as share_low,
        {{ wilson_bound('least(held.share, 1)', 'held.evidence', '+') }} as share_high
    from held

),

-- What everybody did on the days between two of them: one equality finds it, where two joins would first take every day for each run.
everybody as (

    select
        days.valid_from, days.valid_to, days.as_of_date,
        traits.item_number, traits.share, traits.squared_spread
    from days
    inner join {{ ref('int_everybody_traits') }} as traits on days.as_of_date = traits.as_of_date

),

compared as (

    select
        bounded.*,
        everybody.as_of_date,
        everybody.share as everybodys_share,
        least(10, {{ deviations }} * sqrt(greatest(everybody.squared_spread, 0) / bounded.evidence)) as log_deviation
    from bounded
    inner join everybody
        on bounded.item_number = everybody.item_number
        and bounded.valid_from = everybody.valid_from
        and bounded.valid_to is not distinct from everybody.valid_to

),

figures as (

    select
        customer_number, item_number, as_of_date as valid_from, amount, share,
        share / everybodys_share as index_value,
        {%- for bound, side in [('low', '-'), ('high', '+')] %}
        {%- set of_item = "case when item = 'mean' then share * exp(" ~ side ~ 'log_deviation) else share_' ~ bound ~ ' end' %}
        cast({{ round_half_up('least((' ~ of_item ~ ') / everybodys_share, 100000000)', 9) }} as double) as index_{{ bound }},
        {%- endfor %}
        evidence_count
    from compared

)

select
    figures.customer_number, ways.way_number, figures.valid_from,
    figures.amount, figures.share, figures.index_value, figures.index_low, figures.index_high, figures.evidence_count
from figures
inner join {{ ref('int_tag_ways') }} as ways
    on figures.item_number = ways.item_number
    and {{ meets_rule('figures', 'ways', ['amount', 'share', 'index_value', 'index_low', 'index_high']) }}
