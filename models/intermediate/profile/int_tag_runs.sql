-- A tag holds while a rule of the seed tag_rules does, on days of analysis in a row and with one value: figures that meet a rule, and touch, are
-- one row, with what its last day rests on. All of history is told at once, as it stood on each day, and nothing is remembered from run to run.
-- What is sorted is narrow: the evidence is asked of the last day's figure when that is known; and only ways that have rivals are
-- ranked, since most, such as that to a brand, have none.
with met as (

    select
        figures.customer_number, figures.valid_from, figures.valid_to, figures.share,
        ways.way_number, ways.is_rivalled, ways.rank, ways.tag_number, ways.value_number
    from {{ ref('int_customer_figures') }} as figures
    inner join {{ ref('int_tag_ways') }} as ways on figures.way_number = ways.way_number

),

ranked as (

    select
        met.*,
        row_number() over (
            partition by customer_number, tag_number, valid_from
            order by rank nulls last, share desc nulls last, way_number nulls last
        ) as place
    from met
    where is_rivalled
    union all
    select met.*, 1
    from met
    where not is_rivalled

),

neighbours as (

    select
        ranked.*,
        coalesce(lag(valid_to) over by_day = valid_from and lag(value_number) over by_day = value_number, false) as goes_on,
        coalesce(lead(valid_from) over by_day = valid_to and lead(value_number) over by_day = value_number, false) as is_followed
    from ranked
    where place = 1
    window by_day as (partition by customer_number, tag_number order by valid_from nulls last)

),

-- Most days neither begin nor end anything.
begun as (

    select
        neighbours.*,
        max(case when not goes_on then valid_from end) over (
            partition by customer_number, tag_number order by valid_from nulls last
        ) as begun_on
    from neighbours
    where not (goes_on and is_followed)

)

select
    begun.customer_number, begun.tag_number, begun.way_number, begun.begun_on as valid_from, begun.valid_to, figures.evidence_on,
    figures.amount, figures.share, figures.index_value, figures.index_low, figures.index_high, figures.evidence_count, figures.source_systems,
    customers.customer_id, customers.source_systems as customer_systems
from begun
inner join {{ ref('int_customer_figures') }} as figures
    on begun.customer_number = figures.customer_number
    and begun.way_number = figures.way_number
    and begun.valid_from = figures.valid_from
inner join {{ ref('int_customers') }} as customers on begun.customer_number = customers.customer_number
where not begun.is_followed
