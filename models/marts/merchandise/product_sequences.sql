-- What follows what, and not the other way round. Two tests, since either alone is fooled: whether as many go from the one
-- to the other as if what comes next had nothing to do with what came before (whatever is popular follows everything), and
-- whether more go that way than back (what belongs together follows in both directions).
{%- set deviations = var('interval_standard_deviations') %}

with measured as (

    select
        pairs.*,
        cast(customer_count as double) * cast(all_count as double)
            / (cast(from_count as double) * cast(to_count as double)) as lift
    from {{ ref('int_sequence_pairs') }} as pairs
    where customer_count - back_customer_count
        > {{ deviations }} * sqrt(cast(customer_count + back_customer_count as double))

),

uncertain as (

    select
        measured.*,
        lift * exp(-{{ deviations }} * sqrt(1e0 / customer_count)) as lift_low
    from measured

),

ranked as (

    select
        uncertain.*,
        row_number() over (
            partition by item_number
            order by {{ round_half_up('(lift_low - 1) * to_count', 6) }} desc nulls last, next_item_number nulls last
        ) as sequence_rank
    from uncertain
    where lift_low > 1

),

timed as (

    select
        ranked.item_number,
        ranked.next_item_number,
        percentile_cont(0.5) within group (order by successions.days_between) as median_days
    from ranked
    inner join {{ ref('int_item_successions') }} as successions
        on ranked.item_number = successions.item_number
        and ranked.next_item_number = successions.next_item_number
    where ranked.sequence_rank <= {{ var('affinity_max_items') }}
    group by ranked.item_number, ranked.next_item_number

),

names as (

    select distinct item_number, item_id
    from {{ ref('int_product_items') }}

)

select
    ranked.item_kind,
    names.item_id,
    next_names.item_id as next_item_id,

    cast(ranked.sequence_rank as bigint) as sequence_rank,
    ranked.customer_count,
    ranked.back_customer_count,
    cast(ranked.customer_count as double) / (ranked.customer_count + ranked.back_customer_count) as forward_share,
    ranked.lift,
    ranked.lift_low,
    timed.median_days,

    learnt.learnt_until
from ranked
inner join timed
    on ranked.item_number = timed.item_number
    and ranked.next_item_number = timed.next_item_number
inner join names on ranked.item_number = names.item_number
inner join names as next_names on ranked.next_item_number = next_names.item_number
cross join {{ ref('int_learnt_until') }} as learnt
