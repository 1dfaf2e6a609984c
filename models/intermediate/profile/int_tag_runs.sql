-- A tag holds while a rule of the seed tag_rules does, on days of analysis in a row and with one value: figures that meet a rule, and touch, are
-- one row, with what its last day rests on. All of history is told at once, as it stood on each day, and nothing is remembered from run to run.
{%- set measures = ['amount', 'share', 'index_value', 'index_low', 'index_high'] %}

with met as (

    select
        figures.*,
        rules.rule, rules.rank,
        rules.tag || case when rules.is_per_item then ':' || coalesce(items.value, rules.value, figures.item) else '' end as tag,
        coalesce(items.value, rules.value, figures.item) as value
    from {{ ref('int_customer_figures') }} as figures
    inner join {{ ref('tag_rules') }} as rules on {{ meets_rule('figures', 'rules') }}
    left join {{ ref('tag_items') }} as items
        on figures.figure = items.figure
        and coalesce(rules.value, {{ lower_ascii('figures.item') }}) = items.item

),

ranked as (

    select
        met.*,
        row_number() over (
            partition by customer_number, tag, valid_from
            order by rank nulls last, share desc nulls last, value nulls last, rule nulls last
        ) as place
    from met

),

neighbours as (

    select
        ranked.*,
        coalesce(lag(valid_to) over by_day = valid_from and lag(value) over by_day = value, false) as goes_on,
        coalesce(lead(valid_from) over by_day = valid_to and lead(value) over by_day = value, false) as is_followed
    from ranked
    where place = 1
    window by_day as (partition by customer_number, tag order by valid_from nulls last)

),

-- Most days neither begin nor end anything.
begun as (

    select
        neighbours.*,
        max(case when not goes_on then valid_from end) over (partition by customer_number, tag order by valid_from nulls last) as begun_on
    from neighbours
    where not (goes_on and is_followed)

)

select
    customer_number, tag, begun_on as valid_from, valid_to, evidence_on,
    rule, figure, item, value, {{ measures | join(', ') }}, evidence_count, source_systems
from begun
where not is_followed
