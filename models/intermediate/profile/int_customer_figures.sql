-- All figures that meet a rule, one below the other, each with the days on which it holds, and the last of them on which it was looked at.
-- Where it is told apart in another way, a tag needs a row of tag_rules and no model. What is not counted is null, and rests on one word of
-- one system.
with days as (

    select as_of_date, lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from {{ ref('int_as_of_dates') }}

),

told as (

    select
        customer_number, figure, item, valid_from, valid_to, valid_from as evidence_on,
        cast(null as decimal(18,2)) as amount, cast(null as double) as share, 1 as evidence_count, source_system as source_systems
    from {{ ref('int_person_figures') }}
    union all
    select customer_number, figure, item, valid_from, valid_to, evidence_on, amount, share, evidence_count, source_systems
    from {{ ref('int_figure_runs') }}

)

select
    traits.customer_number, traits.way_number, traits.valid_from, days.next_as_of_date as valid_to, traits.valid_from as evidence_on,
    traits.amount, traits.share, traits.index_value, traits.index_low, traits.index_high, traits.evidence_count,
    cast(null as string) as source_systems
from {{ ref('int_trait_figures') }} as traits
inner join days on traits.valid_from = days.as_of_date
union all
select
    told.customer_number, ways.way_number, told.valid_from, told.valid_to, told.evidence_on,
    told.amount, told.share, null, null, null, told.evidence_count, told.source_systems
from told
inner join {{ ref('int_tag_ways') }} as ways
    on told.figure = ways.figure
    and told.item = ways.item
    and {{ meets_rule('told', 'ways', ['amount', 'share']) }}
